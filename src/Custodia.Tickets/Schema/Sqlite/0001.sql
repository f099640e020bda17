CREATE TABLE "tickets_account_settings" (
    "account" INTEGER NOT NULL CONSTRAINT "PK_tickets_account_settings" PRIMARY KEY AUTOINCREMENT,
    "last_number" INTEGER NOT NULL,
    "content_limit_days" INTEGER NULL
);


CREATE TABLE "tickets_attachments" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_attachments" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "message_id" TEXT NULL,
    "content_key" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "stored_name" TEXT NOT NULL,
    "author_kind" TEXT NOT NULL,
    "author" TEXT NULL,
    "created_at" INTEGER NOT NULL
);


CREATE TABLE "tickets_authorisations" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_authorisations" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "granted_to" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "host" BLOB NULL,
    "system_account" BLOB NULL,
    "password" BLOB NULL,
    "valid_from" INTEGER NOT NULL,
    "valid_until" INTEGER NOT NULL
);


CREATE TABLE "tickets_confidential_notes" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_confidential_notes" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "text" BLOB NULL,
    "created_at" INTEGER NOT NULL
);


CREATE TABLE "tickets_contact_codes" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_contact_codes" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "contact" BLOB NOT NULL,
    "code" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    "tries" INTEGER NOT NULL
);


CREATE TABLE "tickets_contact_emails" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_contact_emails" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "email" BLOB NULL,
    "email_index" BLOB NOT NULL,
    "verified_at" INTEGER NOT NULL
);


CREATE TABLE "tickets_contact_mobiles" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_contact_mobiles" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "person" TEXT NOT NULL,
    "mobile" BLOB NULL,
    "mobile_index" BLOB NOT NULL,
    "verified_at" INTEGER NOT NULL
);


CREATE TABLE "tickets_messages" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_messages" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "ticket_id" TEXT NOT NULL,
    "content_key" TEXT NOT NULL,
    "author_kind" TEXT NOT NULL,
    "author" TEXT NULL,
    "internal" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL
);


CREATE TABLE "tickets_participants" (
    "person" TEXT NOT NULL CONSTRAINT "PK_tickets_participants" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "user_name" TEXT NULL,
    "updated_at" INTEGER NOT NULL
);


CREATE TABLE "tickets_registered_contacts" (
    "person" TEXT NOT NULL CONSTRAINT "PK_tickets_registered_contacts" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "directory" TEXT NOT NULL,
    "email" BLOB NULL,
    "email_verified" INTEGER NOT NULL,
    "email_index" BLOB NULL,
    "mobile" BLOB NULL,
    "mobile_index" BLOB NULL,
    "display_name" BLOB NULL,
    "locale" BLOB NULL,
    "updated_at" INTEGER NOT NULL
);


CREATE TABLE "tickets_retired_keys" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_retired_keys" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "key_kind" TEXT NOT NULL,
    "retired_category" TEXT NOT NULL,
    "retired_by" TEXT NOT NULL,
    "retired_at" INTEGER NOT NULL
);


CREATE TABLE "tickets_tickets" (
    "id" TEXT NOT NULL CONSTRAINT "PK_tickets_tickets" PRIMARY KEY,
    "account" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "directory" TEXT NOT NULL,
    "person" TEXT NULL,
    "content_key" TEXT NOT NULL,
    "product_category" TEXT NOT NULL,
    "problem_type" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "assignee" TEXT NULL,
    "use_registered_contact" INTEGER NOT NULL,
    "rating" INTEGER NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    "closed_at" INTEGER NULL,
    "idempotency_key" TEXT NULL,
    "version" INTEGER NOT NULL
);


CREATE INDEX "IX_tickets_attachments_account_author" ON "tickets_attachments" ("account", "author");


CREATE UNIQUE INDEX "IX_tickets_attachments_stored_name" ON "tickets_attachments" ("stored_name");


CREATE INDEX "IX_tickets_attachments_ticket_id" ON "tickets_attachments" ("ticket_id");


CREATE INDEX "IX_tickets_authorisations_account_person" ON "tickets_authorisations" ("account", "person");


CREATE INDEX "IX_tickets_authorisations_ticket_id" ON "tickets_authorisations" ("ticket_id");


CREATE INDEX "IX_tickets_authorisations_valid_until" ON "tickets_authorisations" ("valid_until");


CREATE INDEX "IX_tickets_confidential_notes_account_person" ON "tickets_confidential_notes" ("account", "person");


CREATE INDEX "IX_tickets_confidential_notes_ticket_id" ON "tickets_confidential_notes" ("ticket_id");


CREATE INDEX "IX_tickets_contact_codes_account_person_created_at" ON "tickets_contact_codes" ("account", "person", "created_at");


CREATE INDEX "IX_tickets_contact_codes_created_at" ON "tickets_contact_codes" ("created_at");


CREATE INDEX "IX_tickets_contact_codes_ticket_id_kind" ON "tickets_contact_codes" ("ticket_id", "kind");


CREATE INDEX "IX_tickets_contact_emails_account_email_index" ON "tickets_contact_emails" ("account", "email_index");


CREATE INDEX "IX_tickets_contact_emails_account_person" ON "tickets_contact_emails" ("account", "person");


CREATE UNIQUE INDEX "IX_tickets_contact_emails_ticket_id" ON "tickets_contact_emails" ("ticket_id");


CREATE INDEX "IX_tickets_contact_emails_verified_at" ON "tickets_contact_emails" ("verified_at");


CREATE INDEX "IX_tickets_contact_mobiles_account_mobile_index" ON "tickets_contact_mobiles" ("account", "mobile_index");


CREATE INDEX "IX_tickets_contact_mobiles_account_person" ON "tickets_contact_mobiles" ("account", "person");


CREATE UNIQUE INDEX "IX_tickets_contact_mobiles_ticket_id" ON "tickets_contact_mobiles" ("ticket_id");


CREATE INDEX "IX_tickets_messages_account_author" ON "tickets_messages" ("account", "author");


CREATE INDEX "IX_tickets_messages_ticket_id_id" ON "tickets_messages" ("ticket_id", "id");


CREATE INDEX "IX_tickets_participants_account_side_updated_at" ON "tickets_participants" ("account", "side", "updated_at");


CREATE INDEX "IX_tickets_registered_contacts_account_email_index" ON "tickets_registered_contacts" ("account", "email_index");


CREATE INDEX "IX_tickets_registered_contacts_account_mobile_index" ON "tickets_registered_contacts" ("account", "mobile_index");


CREATE INDEX "IX_tickets_retired_keys_retired_category_retired_by" ON "tickets_retired_keys" ("retired_category", "retired_by");


CREATE INDEX "IX_tickets_tickets_account_assignee_number" ON "tickets_tickets" ("account", "assignee", "number");


CREATE INDEX "IX_tickets_tickets_account_closed_at" ON "tickets_tickets" ("account", "closed_at");


CREATE UNIQUE INDEX "IX_tickets_tickets_account_idempotency_key" ON "tickets_tickets" ("account", "idempotency_key");


CREATE UNIQUE INDEX "IX_tickets_tickets_account_number" ON "tickets_tickets" ("account", "number");


CREATE INDEX "IX_tickets_tickets_account_person_number" ON "tickets_tickets" ("account", "person", "number");


CREATE INDEX "IX_tickets_tickets_account_product_category_number" ON "tickets_tickets" ("account", "product_category", "number");


CREATE INDEX "IX_tickets_tickets_account_severity_number" ON "tickets_tickets" ("account", "severity", "number");


CREATE INDEX "IX_tickets_tickets_account_state_number" ON "tickets_tickets" ("account", "state", "number");
