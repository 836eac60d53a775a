/**
 * `npm start`: installs what is missing, builds what is stale, opens the monitor: on the embedded demo, or with
 * `npm start -- DATABASE` (and any other flags of absurd-top) on a real database.
 */
import {installIfStale, runNode} from './install.js';

installIfStale();
const built = runNode(['scripts/build.js', '--if-stale']);
const arguments_ = process.argv.slice(2);
process.exit(built || runNode(['dist/launch.cjs', ...(arguments_.length > 0 ? arguments_ : ['--demo'])]));
