/** The page: one header, and below it the view that the address names. */
import { useEffect } from 'preact/hooks';
import { Banner } from './banner.tsx';
import { Header } from './header.tsx';
import { startLive } from './live-store.ts';
import { LiveView } from './live-view.tsx';
import { route } from './location.ts';
import { ReplayView } from './replay-view.tsx';
import { StatelyView } from './stately-view.tsx';

export function App() {
  useEffect(startLive, []);
  return (
    <>
      <Header />
      <Banner />
      <main class="view">
        <View />
      </main>
    </>
  );
}

function View() {
  const { value } = route;
  switch (value.view) {
    case 'live':
      return <LiveView place={value} />;
    case 'stately':
      return <StatelyView />;
    case 'replay':
      return <ReplayView key={`${value.from} ${value.to} ${value.agent}`} route={value} />;
  }
}
