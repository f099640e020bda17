CREATE TABLE account_keys (
  account INTEGER NOT NULL,
  version INTEGER NOT NULL,
  wrapped_by TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, version));
CREATE TABLE documents (
  name TEXT PRIMARY KEY,
  content TEXT NOT NULL,
  created_at INTEGER NOT NULL);
CREATE TABLE keys (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  account INTEGER NOT NULL,
  version INTEGER NOT NULL,
  wrapped_by INTEGER NOT NULL,
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  destroyed INTEGER NOT NULL);
CREATE INDEX keys_of_account ON keys (account, wrapped_by) WHERE destroyed = 0;
CREATE INDEX keys_of_days ON keys (created_at) WHERE kind = 'day' AND destroyed = 0;
CREATE TABLE roots (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  verifier BLOB NOT NULL,
  handover BLOB,
  created_at INTEGER NOT NULL);
CREATE TABLE tombstones (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  destroyed_at INTEGER NOT NULL,
  reason TEXT NOT NULL);
CREATE INDEX tombstones_by_time ON tombstones (destroyed_at);
