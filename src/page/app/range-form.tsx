/** Which time, and whose, is replayed. */
import { useRef } from 'preact/hooks';
import type { ReplayRoute } from '../model/route.ts';
import { go } from './location.ts';

const quick = [
  { name: '15 min', minutes: 15 },
  { name: '1 h', minutes: 60 },
  { name: '24 h', minutes: 24 * 60 },
];

export function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

export function RangeForm({ route }: { route: ReplayRoute }) {
  const form = useRef<HTMLFormElement>(null);
  const said = (name: string) => {
    const value = new FormData(form.current ?? undefined).get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const time = (name: string) => (said(name) === '' ? {} : { [name]: new Date(said(name)).toISOString() });
  const ask = (span: { from?: string; to?: string }) => {
    const agent = said('agent');
    go({ view: 'replay', path: '', shows: 'below', ...span, ...(agent === '' ? {} : { agent }) });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    ask({ ...time('from'), ...time('to') });
  };
  const last = (minutes: number) => ask({ from: minutesAgo(minutes) });
  return (
    <form ref={form} class="range bar" onSubmit={submit}>
      <label>
        From <input type="datetime-local" name="from" step="1" defaultValue={localInput(route.from)} />
      </label>
      <label>
        to <input type="datetime-local" name="to" step="1" defaultValue={localInput(route.to)} />
      </label>
      <label>
        Agent <input type="text" name="agent" size={9} placeholder="all" defaultValue={route.agent ?? ''} />
      </label>
      <button type="submit">Show</button>
      <span class="spacer" />
      <span class="quick">
        Last{' '}
        {quick.map(({ name, minutes }) => (
          <button key={name} type="button" onClick={() => last(minutes)}>
            {name}
          </button>
        ))}
      </span>
    </form>
  );
}

/** An ISO time as the field wants it, in the browser's zone. */
function localInput(iso: string | undefined): string {
  const at = iso === undefined ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(at)) return '';
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
