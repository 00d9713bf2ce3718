// node run.mjs JOURNEY…: plays journeys against the sandbox that the environment names; prints what each saw, as JSON.
// Run in the folder where the SDK is installed. INPUT is a JSON object for all of them.
import * as account from './account.mjs';
import * as envelopes from './envelopes.mjs';
import * as templates from './templates.mjs';
import { login } from './sdk.mjs';

const journeys = { ...account, ...envelopes, ...templates };
const input = JSON.parse(process.env.INPUT ?? '{}');
const seen = {};
for (const name of process.argv.slice(2)) {
  try {
    seen[name] = await journeys[name](await login(), input);
  } catch (error) {
    seen[name] = { failed: error.response?.data ?? error.stack }; // of a refused call only what it was told
  }
}
console.log(JSON.stringify(seen));
