// What belongs to the account.
import { readFileSync } from 'node:fs';
import { definition, signer } from './sdk.mjs';

export async function account(sdk) {
  const { accountId, AccountsApi, UsersApi, DiagnosticsApi, ConnectApi } = sdk;
  const information = await AccountsApi.getAccountInformation(accountId);
  const brand = { brandName: 'Example brand', defaultBrandLanguage: 'en' };
  const made = await AccountsApi.createBrand(accountId, { brand });
  const { brandId } = made.brands[0];
  await AccountsApi.updateBrandLogoByType(readFileSync(process.env.PNG_FILE), accountId, brandId, 'primary');
  const logos = (await AccountsApi.getBrand(accountId, brandId)).logos;
  const users = await UsersApi.list(accountId);
  const connectCustomConfiguration = {
    name: 'Listener',
    urlToPublishTo: 'https://listener.example.com/hook',
    configurationType: 'custom',
    allowEnvelopePublish: 'true',
    allUsers: 'true',
    envelopeEvents: ['Completed'],
  };
  const { connectId } = await ConnectApi.createConfiguration(accountId, { connectCustomConfiguration });
  await ConnectApi.deleteConfiguration(accountId, connectId);
  const diagnosticsSettingsInformation = { apiRequestLogging: 'true' };
  const logging = await DiagnosticsApi.updateRequestLogSettings({ diagnosticsSettingsInformation });
  await DiagnosticsApi.updateRequestLogSettings({ diagnosticsSettingsInformation: { apiRequestLogging: 'false' } });
  return {
    name: information.accountName,
    primaryLogo: Boolean(logos.primary),
    hasUsers: users.users.length > 1,
    logging: logging.apiRequestLogging,
  };
}

export async function groups({ accountId, GroupsApi, SigningGroupsApi, AccountsApi }) {
  const created = await GroupsApi.createGroups(accountId, { groupInformation: { groups: [{ groupName: 'Movers' }] } });
  const { groupId } = created.groups[0];
  await GroupsApi.deleteGroups(accountId, { groupInformation: { groups: [{ groupId }] } });
  const users = [{ userName: 'Ann Bee', email: 'ann@example.com' }];
  const board = { groupName: 'Board', groupType: 'sharedSigningGroup', users };
  const signing = await SigningGroupsApi.createList(accountId, { signingGroupInformation: { groups: [board] } });
  const permissionProfile = { permissionProfileName: 'Sample', settings: { allowBulkSending: 'true' } };
  const profile = await AccountsApi.createPermissionProfile(accountId, { permissionProfile });
  await AccountsApi.deletePermissionProfile(accountId, profile.permissionProfileId);
  return { group: created.groups[0].groupName, signingGroup: signing.groups[0].groupName, profile: profile.permissionProfileName };
}

export async function folders({ accountId, EnvelopesApi, FoldersApi }) {
  const { envelopeId } = await EnvelopesApi.createEnvelope(accountId, { envelopeDefinition: definition([signer()]) });
  await FoldersApi.moveEnvelopes(accountId, 'recyclebin', { foldersRequest: { envelopeIds: [envelopeId] } });
  const listed = await FoldersApi.listItems(accountId, 'recyclebin', { includeItems: 'true' });
  const binned = listed.folders.flatMap((folder) => folder.folderItems ?? []).map((each) => each.envelopeId);
  const types = (await FoldersApi.list(accountId)).folders.map((folder) => folder.type);
  return { isBinned: binned.includes(envelopeId), types };
}
