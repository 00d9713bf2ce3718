// Templates, and many copies of one draft.
import { definition, docusign, pdfDocument, signer } from './sdk.mjs';

export async function templates({ accountId, EnvelopesApi, TemplatesApi }) {
  const roles = { signers: [{ roleName: 'signer', recipientId: '1', routingOrder: '1', tabs: signer().tabs }] };
  const envelopeTemplate = docusign.EnvelopeTemplate.constructFromObject({
    name: 'Example template',
    emailSubject: 'Please sign',
    documents: [pdfDocument()],
    recipients: roles,
    status: 'created',
  });
  const { templateId } = await TemplatesApi.createTemplate(accountId, { envelopeTemplate });
  const found = await TemplatesApi.listTemplates(accountId, { searchText: 'Example template' });
  const kept = await TemplatesApi.get(accountId, templateId);
  const ann = { roleName: 'signer', name: 'Ann Bee', email: 'ann@example.com' };
  const plain = { templateId, templateRoles: [ann], status: 'sent' };
  const used = await EnvelopesApi.createEnvelope(accountId, { envelopeDefinition: plain });
  const composite = {
    serverTemplates: [{ sequence: '1', templateId }],
    inlineTemplates: [{ sequence: '2', recipients: { signers: [{ ...ann, recipientId: '1' }] } }],
  };
  const appendix = { inlineTemplates: [{ sequence: '1', recipients: { signers: [signer(2)] } }], document: pdfDocument('1') };
  const laid = { status: 'sent', emailSubject: 'Both', compositeTemplates: [composite, appendix] };
  const { envelopeId } = await EnvelopesApi.createEnvelope(accountId, { envelopeDefinition: laid });
  const documents = await EnvelopesApi.listDocuments(accountId, envelopeId);
  return {
    uri: kept.uri === `/templates/${templateId}`,
    found: found.envelopeTemplates.map((each) => each.name),
    status: used.status,
    documents: documents.envelopeDocuments.filter((each) => each.type === 'content').length,
  };
}

export async function bulk({ accountId, BulkEnvelopesApi, EnvelopesApi }) {
  const emails = ['ann@example.com', 'eve@example.com'];
  const bulkCopies = emails.map((email) => ({ recipients: [{ roleName: 'signer', name: 'Someone', email }] }));
  const bulkSendingList = { name: 'sample', bulkCopies };
  const { listId } = await BulkEnvelopesApi.createBulkSendList(accountId, { bulkSendingList });
  const name = 'Multi Bulk Recipient::signer';
  const placeholder = signer(1, { name, email: 'multiBulkRecipients-signer@docusign.com', roleName: 'signer' });
  const envelopeDefinition = definition([placeholder], { status: 'created' });
  const { envelopeId } = await EnvelopesApi.createEnvelope(accountId, { envelopeDefinition });
  const bulkSendRequest = { envelopeOrTemplateId: envelopeId };
  const tested = await BulkEnvelopesApi.createBulkSendTestRequest(accountId, listId, { bulkSendRequest });
  const queued = await BulkEnvelopesApi.createBulkSendRequest(accountId, listId, { bulkSendRequest });
  const batch = await BulkEnvelopesApi.getBulkSendBatchStatus(accountId, queued.batchId);
  return { canBeSent: String(tested.canBeSent), size: queued.batchSize, isQueued: batch.batchId === queued.batchId };
}
