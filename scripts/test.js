/**
 * `npm test`: installs what is missing, builds what is stale (the whole-program tests run the bundle), runs vitest.
 * `--postgres 14` runs on that major version instead of the newest; other arguments go to vitest.
 */
import {installIfStale, runNode} from './install.js';

const arguments_ = process.argv.slice(2);
const environment = {...process.env};
const postgres = arguments_.indexOf('--postgres');
if (postgres !== -1) environment['TEST_POSTGRES'] = arguments_.splice(postgres, 2)[1];

installIfStale();
const built = runNode(['scripts/build.js', '--if-stale']);
process.exit(built || runNode(['node_modules/vitest/vitest.mjs', 'run', ...arguments_], environment));
