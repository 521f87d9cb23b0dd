import { type BoundAttacks, by } from './bound-attack.fixture.ts'
import * as bots from './door-attacks-on-bots.fixture.ts'
import * as functions from './door-attacks-on-functions.fixture.ts'
import * as identity from './door-attacks-on-identity.fixture.ts'
import * as messaging from './door-attacks-on-messaging.fixture.ts'
import * as streams from './door-attacks-on-streams.fixture.ts'

/** Two attacks on each map of what is read or made again when it was forgotten, by what it holds. */
export const ATTACKS_ON_CACHES: BoundAttacks = {
  'addresses of hosts that functions have called': [
    by(
      'new keys',
      'a function calls names that it invents, of any length that a name may have',
      functions.callNamesOfAnyLength,
    ),
    by(
      'long keys',
      'a function calls names that are longer than any name may be',
      functions.callNamesThatAreTooLong,
    ),
  ],
  'certificates for names that clients have asked for': [
    by(
      'new keys',
      'TLS handshakes ask for ever new names of the vendor',
      identity.askForCertificatesOf((n) => `n${n}.liveperson.net`),
    ),
    by(
      'long keys',
      'TLS handshakes ask for names that are as long as they may be',
      identity.askForCertificatesOf((n) => identity.longHost(n, `liveperson.net`)),
    ),
  ],
  'chats that a stream of all chats has sent': [
    by(
      'new keys',
      'strangers start chats as long as a stream of all chats is open',
      streams.startChatsBesideAStream,
    ),
    by('leave and return', 'chats end and others begin, in turn', streams.endChatsInTurn),
  ],
  'conversations that a client was sent': [
    by(
      'new keys',
      'a consumer opens conversation after conversation, with a subscription to all',
      messaging.openConversationAfterConversation,
    ),
    by(
      'leave and return',
      'conversations match a subscription and no longer do, in turn',
      messaging.matchASubscriptionInTurn,
    ),
  ],
  'conversations that a stream of updates has named': [
    by(
      'new keys',
      'strangers open ever new conversations while an agent has a stream open',
      streams.openConversationsBesideAStream,
    ),
    by(
      'leave and return',
      'conversations come into the sight of a reader and leave it, in turn',
      'edge/updates/updates.test.ts: revisions of a conversation grow, and only what the reader may see is named',
    ),
  ],
  'conversations whose last notified message is remembered': [
    by(
      'new keys',
      'strangers write one message into ever new conversations',
      messaging.strangersOpenConversations,
    ),
    by(
      'new keys around one in use',
      'strangers open conversations while somebody talks in one',
      messaging.strangersOpenConversationsAroundOne,
    ),
  ],
  'dialogs whose messages a client follows': [
    by(
      'new keys',
      'an agent follows the messages of one conversation after the other, on one socket',
      messaging.followDialogAfterDialog,
    ),
    by(
      'new keys around one in use',
      'an agent who is in none of them follows conversations while somebody talks in one',
      messaging.followOneAmongOthers,
    ),
  ],
  'exports of bots, ready to be talked to': [
    by('new keys', 'an account imports ever other exports, and talks to each', bots.importAndTalk),
    by(
      'leave and return',
      'new exports of one bot are imported, and it is talked to after each',
      bots.importAgainAndTalk,
    ),
  ],
  'functions whose secrets are known by name, to see whether one was deleted': [
    by(
      'new keys',
      'an account deploys function after function, and each reads a secret',
      functions.readSecretsInManyFunctions,
    ),
    by(
      'new keys around one in use',
      'functions read ever other secrets while one reads its own',
      functions.readSecretsAroundOne,
    ),
  ],
  'large exports of bots, ready to be talked to': [
    by(
      'new keys',
      'an account imports exports of 2 MB, and talks to one after the other',
      bots.importLargeAndTalk,
    ),
    by(
      'leave and return',
      'a large export and small ones are talked to in turn',
      bots.talkToLargeAndSmallInTurn,
    ),
  ],
  'ordering keys whose last head is known': [
    by(
      'new keys',
      'strangers write into ever new conversations, each with keys of its own',
      messaging.strangersOpenConversations,
    ),
    by(
      'new keys around one in use',
      'strangers open conversations while somebody talks in one',
      messaging.strangersOpenConversationsAroundOne,
    ),
  ],
  'owners of tokens that were recognized': [
    by(
      'new keys',
      'an application has ever new tokens made, and uses each once',
      identity.useEverNewTokens,
    ),
    by(
      'long keys',
      'requests come with tokens as long as a header may be',
      identity.useLongWrongTokens,
    ),
  ],
  'rings that an agent was sent': [
    by('new keys', 'consumers open conversations that all ring one agent', messaging.ringOneAgent),
    by(
      'leave and return',
      'an agent lets rings expire, and is rung again for the same conversations',
      messaging.letRingsExpire,
    ),
  ],
  'states of conversations, agents and consumers': [
    by(
      'new keys',
      'strangers sign up and open a conversation each',
      messaging.strangersOpenConversations,
    ),
    by(
      'new keys around one in use',
      'strangers open conversations while somebody talks in one',
      messaging.strangersOpenConversationsAroundOne,
    ),
  ],
  'time zones of accounts and calendars, ready to be read': [
    by(
      'new keys',
      'calendars are saved with time zones in ever other spellings',
      identity.saveCalendarsOfManyTimeZones,
    ),
    by(
      'long keys',
      'calendars are saved with time zones that are no names of any',
      identity.saveCalendarsOfNoTimeZone,
    ),
  ],
  'tokens for custom endpoints of bots': [
    by(
      'new keys',
      'an account makes ever other connectors, and tests each',
      bots.testManyConnectors,
    ),
    by(
      'new keys around one in use',
      'connectors of one account are made and deleted around a bot that is talking',
      bots.makeConnectorsAroundOne,
    ),
  ],
  'what is remembered of accounts: settings, users, credentials and so on': [
    by('new keys', 'requests name one account after the other', identity.nameEveryAccount),
    by(
      'long keys',
      'requests name accounts with long invented ids',
      identity.nameInventedAccountsBesideOthers,
    ),
  ],
  'OAuth2 servers of accounts': [
    by(
      'new keys',
      'browsers ask one account under ever other names of this machine',
      identity.askUnderManyNames((n) => `n${n}.localhost`),
    ),
    by(
      'long keys',
      'browsers ask under names that are as long as a name may be',
      identity.askUnderManyNames((n) => identity.longHost(n, `localhost`)),
    ),
  ],
  'states of conversations about which clients have said much': [
    by(
      'new keys',
      'a consumer sends a large card into each of ever new conversations',
      'messaging/reading/large-states.test.ts: large cards in many conversations do not stay in memory',
    ),
    by(
      'leave and return',
      'a large card and a short word follow one another, in many conversations',
      messaging.sendCardsAndWordsInTurn,
    ),
  ],
}
