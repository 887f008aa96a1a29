import { Oracle } from '/work/main/test/supervision/otp/oracle.ts';
import { sample, kinds } from '/work/main/test/supervision/otp/random-scenario.ts';
import { comparable } from '/work/main/test/supervision/comparable.ts';
import { replay } from '/work/main/test/supervision/replay.ts';
import { coreSubject } from '/work/main/test/supervision/core-subject.ts';
import { actorSubject } from '/work/main/test/supervision/actor-subject.ts';
import { test } from 'vitest';
import { isDeepStrictEqual } from 'node:util';
import { writeFileSync } from 'node:fs';
test('x', async () => {
  const oracle = new Oracle();
  console.log(await oracle.version);
  const bad: any[] = [];
  for (const kind of kinds) {
    const scenarios = sample(kind, Number(process.env.N ?? 200), Number(process.env.SEED ?? 1));
    let t = performance.now();
    const outs = await Promise.all(scenarios.map((s) => oracle.ask(s)));
    console.log(kind, 'oracle', performance.now() - t);
    for (const [name, make] of [['core', coreSubject], ['actor', actorSubject]] as const) {
      t = performance.now();
      let n = 0;
      for (const [i, s] of scenarios.entries()) {
        let ours: any;
        try { ours = comparable(s, await replay(s, make(s))); } catch (e) { ours = String((e as Error).stack); }
        const otp = comparable(s, outs[i]!);
        if (!isDeepStrictEqual(ours, otp)) { n++; bad.push({ subject: name, s, ours, otp, raw: outs[i] }); }
      }
      console.log(kind, name, performance.now() - t, 'mismatches', n, 'init ok', outs.filter(o=>o.init==='ok').length);
    }
  }
  oracle.end();
  writeFileSync('/tmp/ora/bad.json', JSON.stringify(bad));
}, 600000);
