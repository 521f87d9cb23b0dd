import type { Migration } from 'kysely/migration'
import * as store from './001-store.ts'
import * as accounts from './010-accounts.ts'
import * as credentials from './011-credentials.ts'
import * as sessionKeys from './012-session-keys.ts'
import * as functions from './020-functions.ts'
import * as functionSurroundings from './021-function-surroundings.ts'
import * as blockedCalls from './023-blocked-calls.ts'
import * as invocations from './030-invocations.ts'
import * as conversations from './040-conversations.ts'
import * as nodes from './041-nodes.ts'
import * as files from './042-files.ts'
import * as unsentFiles from './043-unsent-files.ts'
import * as closedConversations from './044-closed-conversations.ts'
import * as queue from './045-queue.ts'
import * as automaticMessages from './050-automatic-messages.ts'
import * as chats from './060-chats.ts'
import * as transcripts from './061-transcripts.ts'
import * as surveys from './051-surveys.ts'
import * as surveyRunLists from './062-survey-run-lists.ts'
import * as contextStore from './070-context-store.ts'
import * as contextSessions from './071-context-sessions.ts'
import * as reasons from './080-reasons.ts'
import * as procedures from './081-procedures.ts'
import * as unknownOutcomes from './084-unknown-outcomes.ts'
import * as settings from './085-settings.ts'
import * as mailSenders from './091-mail-senders.ts'
import * as filesOfConsumers from './094-files-of-consumers.ts'
import * as userPictures from './100-user-pictures.ts'
import * as keptPermissions from './110-kept-permissions.ts'
import * as keptWarnings from './111-kept-warnings.ts'
import * as operator from './112-operator.ts'
import * as auditOrigins from './113-audit-origins.ts'
import * as invitations from './114-invitations.ts'
import * as clientWebhooks from './117-client-webhooks.ts'
import * as chatsOfVisitors from './118-chats-of-visitors.ts'
import * as redirectUris from './125-redirect-uris.ts'
import * as noDefaultPartitions from './140-no-default-partitions.ts'
import * as endsOfDocuments from './141-ends-of-documents.ts'
import * as installationKeys from './120-installation-keys.ts'
import * as auditOutcomes from './115-audit-outcomes.ts'
import * as replayJobs from './121-replay-jobs.ts'
import * as bots from './122-bots.ts'
import * as grants from './126-grants.ts'
import * as usesOfCredentials from './128-uses-of-credentials.ts'
import * as figures from './127-figures.ts'
import * as sessionsOfUsers from './116-sessions-of-users.ts'
import * as recordings from './131-recordings.ts'
import * as keptAsText from './134-kept-as-text.ts'
import * as failingDeliveries from './142-failing-deliveries.ts'
import * as queuesKeepTheirPages from './143-queues-keep-their-pages.ts'
import * as queuesAreNotSampled from './144-queues-are-not-sampled.ts'
import * as columnsByTriggers from './145-columns-by-triggers.ts'
import * as functionsOfDeletedSkills from './146-functions-of-deleted-skills.ts'
import * as mailsAboutNoChat from './147-mails-about-no-chat.ts'
import * as changedUsers from './148-changed-users.ts'
import * as samplesOfEvents from './149-samples-of-events.ts'
import * as reasonsOfBotErrors from './150-reasons-of-bot-errors.ts'
import * as factsAsWritten from './151-facts-as-written.ts'
import * as stopsOfBots from './152-stops-of-bots.ts'
import * as turnedAway from './154-turned-away.ts'
import * as errorsOfDeletedBots from './156-errors-of-deleted-bots.ts'
import * as savedPayloads from './137-saved-payloads.ts'
import * as builderBots from './130-builder-bots.ts'
import * as nodeConnections from './138-node-connections.ts'

/** Every migration by its name. Areas have ranges of numbers, so the order is by number, not by date. */
export const migrations: Record<string, Migration> = {
  '001-store': store,
  '010-accounts': accounts,
  '011-credentials': credentials,
  '012-session-keys': sessionKeys,
  '020-functions': functions,
  '021-function-surroundings': functionSurroundings,
  '023-blocked-calls': blockedCalls,
  '030-invocations': invocations,
  '040-conversations': conversations,
  '041-nodes': nodes,
  '042-files': files,
  '043-unsent-files': unsentFiles,
  '044-closed-conversations': closedConversations,
  '045-queue': queue,
  '050-automatic-messages': automaticMessages,
  '060-chats': chats,
  '061-transcripts': transcripts,
  '051-surveys': surveys,
  '062-survey-run-lists': surveyRunLists,
  '070-context-store': contextStore,
  '071-context-sessions': contextSessions,
  '080-reasons': reasons,
  '081-procedures': procedures,
  '084-unknown-outcomes': unknownOutcomes,
  '085-settings': settings,
  '091-mail-senders': mailSenders,
  '094-files-of-consumers': filesOfConsumers,
  '100-user-pictures': userPictures,
  '110-kept-permissions': keptPermissions,
  '111-kept-warnings': keptWarnings,
  '112-operator': operator,
  '113-audit-origins': auditOrigins,
  '117-client-webhooks': clientWebhooks,
  '118-chats-of-visitors': chatsOfVisitors,
  '125-redirect-uris': redirectUris,
  '140-no-default-partitions': noDefaultPartitions,
  '141-ends-of-documents': endsOfDocuments,
  '120-installation-keys': installationKeys,
  '115-audit-outcomes': auditOutcomes,
  '122-bots': bots,
  '126-grants': grants,
  '116-sessions-of-users': sessionsOfUsers,
  '130-builder-bots': builderBots,
  '138-node-connections': nodeConnections,
  '131-recordings': recordings,
  '134-kept-as-text': keptAsText,
  '142-failing-deliveries': failingDeliveries,
  '143-queues-keep-their-pages': queuesKeepTheirPages,
  '144-queues-are-not-sampled': queuesAreNotSampled,
  '145-columns-by-triggers': columnsByTriggers,
  '146-functions-of-deleted-skills': functionsOfDeletedSkills,
  '147-mails-about-no-chat': mailsAboutNoChat,
  '148-changed-users': changedUsers,
  '149-samples-of-events': samplesOfEvents,
  '150-reasons-of-bot-errors': reasonsOfBotErrors,
  '151-facts-as-written': factsAsWritten,
  '152-stops-of-bots': stopsOfBots,
  '154-turned-away': turnedAway,
  '156-errors-of-deleted-bots': errorsOfDeletedBots,
  '121-replay-jobs': replayJobs,
  '137-saved-payloads': savedPayloads,
  '127-figures': figures,
  '114-invitations': invitations,
  '128-uses-of-credentials': usesOfCredentials,
}
