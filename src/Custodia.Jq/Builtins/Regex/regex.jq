# The pattern alone, or an array of pattern and flags.
def _pattern($re): if $re | type == "string" then [$re, null] elif ($re | type == "array") and ($re | length > 0) then [$re[0], $re[1]] else error(($re | type) + " not a string or array") end;
def match($re; $flags): _match($re; $flags) | .[];
def match($re): _pattern($re) as [$pattern, $flags] | match($pattern; $flags);
def test($re): _pattern($re) as [$pattern, $flags] | test($pattern; $flags);
def capture($re; $flags): _captures($re; $flags) | .[];
def capture($re): _pattern($re) as [$pattern, $flags] | capture($pattern; $flags);
def scan($re; $flags): _scan($re; "g" + $flags) | .[];
def scan($re): scan($re; null);
def splits($re; $flags): split($re; $flags) | .[];
def splits($re): splits($re; null);
def sub($re; replacement; $flags): _edits($re; $flags) as $edits | [$edits[] | [.[2] | replacement]] as $insertions | _substitute($edits; $insertions) | .[];
def sub($re; replacement): sub($re; replacement; "");
def gsub($re; replacement; $flags): sub($re; replacement; $flags + "g");
def gsub($re; replacement): sub($re; replacement; "g");
