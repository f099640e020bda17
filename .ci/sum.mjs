// Sums the counters of all .trx result files below a folder; prints "N passed, N failed, N skipped" as the last line.
// Exits 1 when anything failed or was skipped, or when nothing ran.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.trx'))) {
  const text = readFileSync(join(folder, file), 'utf8');
  const counters = /<Counters([^>]*)\/>/.exec(text)?.[1] ?? '';
  const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(counters)?.[1] ?? 0);
  passed += count('passed');
  failed += count('failed') + count('error') + count('timeout') + count('aborted');
  const notRun = count('total') - count('executed');
  skipped += Math.max(notRun, count('notExecuted'));
  for (const [, name, outcome] of text.matchAll(/<UnitTestResult[^>]*testName="([^"]*)"[^>]*outcome="([^"]*)"/g)) {
    if (outcome !== 'Passed') console.log(`${outcome}: ${name}`);
  }
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 && skipped === 0 && passed > 0 ? 0 : 1;
