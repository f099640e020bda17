# Builtins that give several outputs, or take programs, in the language itself.
def map(f): [.[] | f];
def map_values(f): .[] |= f;
def recurse(f; cond): def again: ., (f | select(cond) | again); again;
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type == "array" or type == "object");
def scalars: select(type != "array" and type != "object");
def add(f): reduce f as $item (null; . + $item);
def del(f): delpaths([path(f)]);
def paths: path(recurse) | select(length > 0);
def paths(f): path(recurse | select(f)) | select(length > 0);
def leaf_paths: paths(scalars);
def pick(f): . as $whole | reduce path(f) as $at (null; setpath($at; $whole | getpath($at)));
def from_entries: reduce .[] as $entry ({};
  . + {($entry | .key // .k // .name // .Name // .K // .Key):
    ($entry | if has("value") then .value elif has("v") then .v else .Value end)});
def with_entries(f): to_entries | map(f) | from_entries;
def flatten: _flatten(-1);
def flatten($depth): if $depth < 0 then error("flatten depth must not be negative") else _flatten($depth) end;
def sort_by(f): _sort_by(map([f]));
def group_by(f): _group_by(map([f]));
def unique_by(f): _unique_by(map([f]));
def min_by(f): _min_by(map([f]));
def max_by(f): _max_by(map([f]));
def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def nth($n; f): if $n < 0 then error("nth doesn't support negative indices") else first(skip($n; f)) end;
def any(f; cond): isempty(first(f | cond or empty)) | not;
def all(f; cond): isempty(first(f | cond and empty));
def any(cond): any(.[]; cond);
def all(cond): all(.[]; cond);
def any: any(.[]; .);
def all: all(.[]; .);
def in(container): . as $key | container | has($key);
def inside(container): . as $part | container | contains($part);
def index($sought): indices($sought) | .[0];
def rindex($sought): indices($sought) | .[-1:][0];
def while(cond; update): def again: if cond then ., (update | again) else empty end; again;
def until(cond; update): def again: if cond then . else (update | again) end; again;
def repeat(f): def again: f, again; again;
def combinations:
  if length == 0 then [] else .[0][] as $head | (.[1:] | combinations) as $tail | [$head] + $tail end;
def combinations($n): . as $items | [range($n) | $items] | combinations;
def walk(f): def down: if type == "object" then map_values(down) elif type == "array" then map(down) end | f; down;
def tostream: path(def deep: (.[]? | deep), .; deep) as $at | getpath($at) | reduce path(.[]?) as $key ([$at, .]; [$at + $key]);
def fromstream(events):
  foreach events as $event ({whole: null, done: false};
    (if .done then {whole: null, done: false} end)
    | if $event | length == 2
      then .done = ($event[0] | length == 0) | .whole = (.whole | setpath($event[0]; $event[1]))
      else .done = ($event[0] | length == 1) end;
    if .done then .whole else empty end);
def truncate_stream(events): . as $depth | null | events | . as $event | if (.[0] | length) > $depth then [$event[0][$depth:]] + $event[1:] else empty end;
def debug(messages): (messages | debug | empty), .;
def INDEX(rows; key): reduce rows as $row ({}; .[$row | key | tostring] = $row);
def INDEX(key): INDEX(.[]; key);
def JOIN($index; key): [.[] | [., $index[key]]];
def JOIN($index; rows; key): rows | [., $index[key]];
def JOIN($index; rows; key; joined): rows | [., $index[key]] | joined;
def IN(candidates): any(candidates == .; .);
def IN(rows; candidates): any(rows == candidates; .);
