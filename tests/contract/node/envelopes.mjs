// The life of an envelope; each journey returns what it saw.
import { definition, docusign, embedded, pdf, pdfDocument, refusal, returnUrl, signer, viewRequest } from './sdk.mjs';

export async function who({ accountId, baseUri, userId, EnvelopesApi }) {
  const unknown = refusal(EnvelopesApi.getEnvelope(accountId, '00000000-0000-0000-0000-000000000000'));
  return { accountId, baseUri, userId, refused: await unknown };
}

export async function send({ accountId, EnvelopesApi }) {
  const person = embedded();
  const copy = { email: 'copy@example.com', name: 'Cee Copy', recipientId: 2, routingOrder: 2 };
  const recipients = docusign.Recipients.constructFromObject({ signers: [person], carbonCopies: [copy] });
  const envelopeDefinition = docusign.EnvelopeDefinition.constructFromObject({ ...definition([]), recipients });
  const { envelopeId, status } = await EnvelopesApi.createEnvelope(accountId, { envelopeDefinition });
  const view = await EnvelopesApi.createRecipientView(accountId, envelopeId, { recipientViewRequest: viewRequest(person) });
  return { envelopeId, status, url: view.url };
}

export async function read({ accountId, EnvelopesApi }, { envelopeId }) {
  const envelope = await EnvelopesApi.getEnvelope(accountId, envelopeId, { include: 'recipients,tabs' });
  const recipients = await EnvelopesApi.listRecipients(accountId, envelopeId);
  const documents = await EnvelopesApi.listDocuments(accountId, envelopeId);
  const changes = await EnvelopesApi.listStatusChanges(accountId, { fromDate: new Date(Date.now() - 864e5).toISOString() });
  const formData = await EnvelopesApi.getFormData(accountId, envelopeId);
  const history = await EnvelopesApi.listAuditEvents(accountId, envelopeId);
  const combined = await EnvelopesApi.getDocument(accountId, envelopeId, 'combined', {});
  return {
    status: envelope.status,
    signers: recipients.signers.map((each) => each.status),
    copies: recipients.carbonCopies.map((each) => each.status),
    documents: documents.envelopeDocuments.map((each) => each.documentId),
    changed: changes.envelopes.map((each) => each.envelopeId),
    firstSigner: formData.recipientFormData[0].email,
    events: history.auditEvents.length,
    combined: combined.subarray(0, 4).toString(),
  };
}

export async function draft({ accountId, EnvelopesApi }) {
  const envelopeDefinition = definition([embedded()], { status: 'created' });
  const { envelopeId } = await EnvelopesApi.createEnvelope(accountId, { envelopeDefinition });
  const raw = await EnvelopesApi.updateDocument(pdf(), accountId, envelopeId, '2');
  await EnvelopesApi.updateDocuments(accountId, envelopeId, { envelopeDefinition: { documents: [pdfDocument('3')] } });
  await EnvelopesApi.deleteDocuments(accountId, envelopeId, { envelopeDefinition: { documents: [{ documentId: '3' }] } });
  await EnvelopesApi.createRecipient(accountId, envelopeId, { recipients: { signers: [signer(2), signer(3, { tabs: {} })] } });
  await EnvelopesApi.deleteRecipient(accountId, envelopeId, '3');
  const text = { documentId: '1', pageNumber: '1', xPosition: '50', yPosition: '60', tabLabel: 'Town' };
  const made = await EnvelopesApi.createTabs(accountId, envelopeId, '1', { tabs: { textTabs: [text] } });
  const changed = { textTabs: [{ tabId: made.textTabs[0].tabId, value: 'Ghent' }] };
  await EnvelopesApi.updateTabs(accountId, envelopeId, '1', { tabs: changed });
  const fields = { textCustomFields: [{ name: 'order', value: '4711' }] };
  await EnvelopesApi.createCustomFields(accountId, envelopeId, { customFields: fields });
  const sender = await EnvelopesApi.createSenderView(accountId, envelopeId, { envelopeViewRequest: { returnUrl } });
  await EnvelopesApi.update(accountId, envelopeId, { envelope: { status: 'sent' } });
  const tabs = await EnvelopesApi.listTabs(accountId, envelopeId, '1');
  const documents = await EnvelopesApi.listDocuments(accountId, envelopeId);
  const recipients = await EnvelopesApi.listRecipients(accountId, envelopeId);
  const customFields = await EnvelopesApi.listCustomFields(accountId, envelopeId);
  return {
    rawDocument: raw.documentId,
    documents: documents.envelopeDocuments.filter((each) => each.type === 'content').map((each) => each.documentId),
    signers: recipients.signers.map((each) => each.recipientId),
    town: tabs.textTabs[0].value,
    order: customFields.textCustomFields[0].value,
    senderView: sender.url,
    status: (await EnvelopesApi.getEnvelope(accountId, envelopeId)).status,
  };
}

export async function correct({ accountId, client, EnvelopesApi }) {
  const { envelopeId } = await EnvelopesApi.createEnvelope(accountId, { envelopeDefinition: definition([signer()]) });
  const right = { signers: [{ recipientId: '1', name: 'Right Person', email: 'right@example.com' }] };
  const answer = await EnvelopesApi.updateRecipients(accountId, envelopeId, { recipients: right, resendEnvelope: 'true' });
  const view = await EnvelopesApi.createCorrectView(accountId, envelopeId, { envelopeViewRequest: { returnUrl } });
  const lockRequest = { lockDurationInSeconds: '600', lockedByApp: 'editor', lockType: 'edit' };
  const lock = await EnvelopesApi.createLock(accountId, envelopeId, { lockRequest });
  const locked = await refusal(EnvelopesApi.update(accountId, envelopeId, { envelope: { emailSubject: 'Mine' } }));
  const proof = { LockToken: lock.lockToken, LockDurationInSeconds: lock.lockDurationInSeconds };
  client.addDefaultHeader('X-DocuSign-Edit', JSON.stringify(proof));
  await EnvelopesApi.deleteLock(accountId, envelopeId);
  const envelope = { status: 'voided', voidedReason: 'Wrong version' };
  await EnvelopesApi.update(accountId, envelopeId, { envelope });
  const envelopeIdsRequest = { envelopeIds: [envelopeId] };
  const found = await EnvelopesApi.listStatus(accountId, { envelopeIds: 'request_body', envelopeIdsRequest });
  const recipients = await EnvelopesApi.listRecipients(accountId, envelopeId);
  return {
    errors: answer.recipientUpdateResults.map((each) => each.errorDetails ?? null),
    correctView: view.url,
    locked,
    email: recipients.signers[0].email,
    status: found.envelopes[0].status,
  };
}

export async function upload({ accountId, EnvelopesApi }) {
  const half = Math.floor(pdf().length / 2);
  const part = (bytes) => ({ chunkedUploadRequest: { data: bytes.toString('base64') } });
  const { chunkedUploadId } = await EnvelopesApi.createChunkedUpload(accountId, part(pdf().subarray(0, half)));
  await EnvelopesApi.updateChunkedUploadPart(accountId, chunkedUploadId, '1', part(pdf().subarray(half)));
  const done = await EnvelopesApi.updateChunkedUpload(accountId, chunkedUploadId, { action: 'commit' });
  const document = { remoteUrl: done.chunkedUploadUri, name: 'Big', fileExtension: 'pdf', documentId: '1' };
  const envelopeDefinition = definition([signer()], { documents: [document] });
  const { status } = await EnvelopesApi.createEnvelope(accountId, { envelopeDefinition });
  return { committed: done.committed, size: Number(done.totalSize), status };
}
