/** Where the page begins in the browser. */
import '../style/tokens.css';
import '../style/shell.css';
import '../style/head.css';
import '../style/controls.css';
import '../style/panes.css';
import '../style/tree.css';
import '../style/stage.css';
import '../style/overview.css';
import '../style/one-chart.css';
import '../style/about.css';
import '../style/log.css';
import '../style/replay.css';
import '../style/stately.css';
import { render } from 'preact';
import { App } from './app.tsx';

const root = document.getElementById('app');
if (root) render(<App />, root);
