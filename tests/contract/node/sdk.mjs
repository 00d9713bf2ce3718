// Docusign's own Node SDK, logged in by JWT Grant. Its trust in the sandbox comes from NODE_EXTRA_CA_CERTS alone.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export const docusign = createRequire(`${process.cwd()}/`)('docusign-esign');
export const returnUrl = 'http://localhost:3000/ds-return';
const { DOCUSIGN_OAUTH_BASE_URL, DOCUSIGN_INTEGRATION_KEY, DOCUSIGN_USER_ID, DOCUSIGN_PRIVATE_KEY_FILE } = process.env;
const scopes = ['signature', 'impersonation'];

export async function login() {
  const client = new docusign.ApiClient();
  client.setOAuthBasePath(DOCUSIGN_OAUTH_BASE_URL.replace('https://', ''));
  const key = readFileSync(DOCUSIGN_PRIVATE_KEY_FILE);
  const granted = await client.requestJWTUserToken(DOCUSIGN_INTEGRATION_KEY, DOCUSIGN_USER_ID, scopes, key, 4000);
  const user = await client.getUserInfo(granted.body.access_token);
  const { accountId, baseUri } = user.accounts.find((each) => each.isDefault === 'true');
  client.setBasePath(`${baseUri}/restapi`);
  client.addDefaultHeader('Authorization', `Bearer ${granted.body.access_token}`);
  const sdk = { client, accountId, baseUri, userId: user.sub };
  for (const name of Object.keys(docusign).filter((each) => each.endsWith('Api'))) sdk[name] = new docusign[name](client);
  return sdk;
}

// The status and errorCode with which a call is refused.
export async function refusal(call) {
  try {
    await call;
  } catch (error) {
    return [error.response.status, error.response.data.errorCode];
  }
  return [];
}

export const pdf = () => readFileSync(process.env.PDF_FILE);

export const pdfDocument = (documentId = '1') => ({
  documentBase64: pdf().toString('base64'),
  name: 'Lorem Ipsum',
  fileExtension: 'pdf',
  documentId,
});

export const signer = (number = 1, changes = {}) => ({
  email: `signer${number}@example.com`,
  name: `Pat Developer ${number}`,
  recipientId: String(number),
  routingOrder: String(number),
  tabs: { signHereTabs: [{ anchorString: `/sn${number}/`, anchorUnits: 'pixels', anchorXOffset: '20', anchorYOffset: '10' }] },
  ...changes,
});

export const embedded = (number = 1, changes = {}) => signer(number, { clientUserId: 1000 + number, ...changes });

export const definition = (signers, changes = {}) => ({
  emailSubject: 'Please sign this document set',
  documents: [pdfDocument()],
  recipients: { signers },
  status: 'sent',
  ...changes,
});

export const viewRequest = ({ clientUserId, name, email, recipientId }) => ({
  authenticationMethod: 'none',
  clientUserId,
  recipientId,
  returnUrl,
  userName: name,
  email,
});
