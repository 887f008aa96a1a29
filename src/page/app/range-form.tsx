/** Which time, and whose, is replayed. */
import type { ReplayRoute } from '../model/route.ts';
import { go } from './location.ts';

const quick = [
  { name: '15 min', minutes: 15 },
  { name: '1 h', minutes: 60 },
  { name: '24 h', minutes: 24 * 60 },
];

export function RangeForm({ route }: { route: ReplayRoute }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    const data = new FormData(form);
    const time = (name: string) => {
      const text = data.get(name);
      return typeof text === 'string' && text !== '' ? { [name]: new Date(text).toISOString() } : {};
    };
    const agent = String(data.get('agent') ?? '').trim();
    go({ view: 'replay', path: '', shows: 'below', ...time('from'), ...time('to'), ...(agent ? { agent } : {}) });
  };
  const last = (minutes: number) =>
    go({
      view: 'replay',
      path: '',
      shows: 'below',
      from: new Date(Date.now() - minutes * 60_000).toISOString(),
      ...(route.agent ? { agent: route.agent } : {}),
    });
  return (
    <form class="range bar" onSubmit={submit}>
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
