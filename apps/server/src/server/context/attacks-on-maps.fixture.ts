import { type BoundAttacks, by } from './bound-attack.fixture.ts'

/** Two attacks on each map that forgets, by what it holds. */
export const ATTACKS_ON_MAPS: BoundAttacks = {
  'accounts whose context store was measured': [
    by(
      'leave and return',
      'a function fills the store, deletes a little and writes again, so that each write has it measured',
      'faas/context-store/quota.test.ts: an account keeps as much as its limit says, replaces values, and goes on after deleting some',
    ),
    by(
      'new keys around one in use',
      'functions write side by side, so that each finds room that the others are filling',
      'faas/context-store/quota.test.ts: writes at once do not get past the limit by far',
    ),
  ],
  'accounts whose functions have asked the platform': [
    by(
      'push the own limit out',
      'an account asks as fast as it may while other accounts ask for the first time',
    ),
    by(
      'leave and return',
      'a function asks large questions, all at once, and pauses between them',
      'faas/sandbox/host-calls.test.ts: many large questions wait inside, and all are answered',
    ),
  ],
  'accounts whose invocations of this month are counted': [
    by(
      'new keys around one in use',
      'invocations of many accounts come in turn, so that each is counted again',
    ),
    by('long keys', 'somebody invokes for accounts with long invented names'),
  ],
  'accounts whose invocations of this second are counted': [
    by(
      'push the own limit out',
      'an account that is at its limit invokes while others invoke for the first time',
    ),
    by('leave and return', 'an account invokes in bursts, with pauses as long as its bucket fills'),
  ],
  'accounts whose requests of this second are counted': [
    by(
      'push the own limit out',
      'consumers of one account use up what it may send, and go on',
      'wire/messaging/sockets/floods.test.ts: a consumer sends on all its sockets together as much as on one, and leaves a part to agents',
    ),
    by(
      'long keys',
      'sockets are opened for accounts with long invented names',
      'wire/messaging/sockets/strangers.test.ts: a socket of an account that does not exist is refused before it is accepted: %s',
    ),
  ],
  'addresses of hosts that functions have called': [
    by('new keys', 'a function calls names that it invents, one after the other'),
    by('long keys', 'a function calls names that are longer than any name may be'),
  ],
  'addresses that have asked for tokens of consumers': [
    by(
      'push the own limit out',
      'one address signs up by all the ways there are, in turn',
      'server/context/doors.test.ts: a client that changes what it can stays at its limit: %s',
    ),
    by('new keys', 'sign-ups come from every address of a large IPv6 network'),
  ],
  'addresses that have opened conversations': [
    by(
      'push the own limit out',
      'one address opens conversations as ever new consumers',
      'wire/messaging/sockets/floods.test.ts: an address signs up and opens conversations so many times a minute',
    ),
    by(
      'leave and return',
      'one consumer opens conversations on socket after socket',
      'server/context/doors.test.ts: a client that changes what it can stays at its limit: %s',
    ),
  ],
  'addresses that have started chats': [
    by(
      'push the own limit out',
      'one address starts chats under ever new names',
      'server/context/doors.test.ts: a client that changes what it can stays at its limit: %s',
    ),
    by('long keys', 'chats are started for accounts with long invented names'),
  ],
  'addresses whose requests of this second are counted': [
    by(
      'push the own limit out',
      'forty consumers of one address send as much as each of them may',
      'wire/messaging/sockets/floods.test.ts: consumers of one address together send as much as twenty sockets',
    ),
    by(
      'leave and return',
      'a client sends a burst, opens another socket and sends the next one there',
    ),
  ],
  'certificates for names that clients have asked for': [
    by('new keys', 'TLS handshakes ask for ever new names of the vendor'),
    by('long keys', 'TLS handshakes ask for names that are as long as they may be'),
  ],
  'chats that a stream of all chats has sent': [
    by('new keys', 'strangers start chats as long as a stream of all chats is open'),
    by('leave and return', 'chats end and others begin, in turn'),
  ],
  'consumers whose requests of this second are counted': [
    by(
      'push the own limit out',
      'a consumer sends on four sockets at once',
      'wire/messaging/sockets/floods.test.ts: a consumer sends on all its sockets together as much as on one, and leaves a part to agents',
    ),
    by('new keys', 'consumers sign up, send a burst and are never seen again'),
  ],
  'conversations that a client was sent': [
    by('new keys', 'a consumer opens conversation after conversation, with a subscription to all'),
    by('leave and return', 'conversations match a subscription and no longer do, in turn'),
  ],
  'conversations whose last notified message is remembered': [
    by('new keys', 'strangers write one message into ever new conversations'),
    by('new keys around one in use', 'strangers open conversations while somebody talks in one'),
  ],
  'exports of bots, ready to be talked to': [
    by('new keys', 'an account imports ever other exports, and talks to each'),
    by(
      'leave and return',
      'new exports of one bot are imported while conversations go on with older ones',
    ),
  ],
  'functions whose invocations of this minute are counted': [
    by('new keys', 'an account deploys, invokes and deletes function after function'),
    by('long keys', 'somebody invokes functions with long invented ids'),
  ],
  'functions whose secrets are known by name, to see whether one was deleted': [
    by('new keys', 'an account deploys function after function, and each reads a secret'),
    by('new keys around one in use', 'functions read ever other secrets while one reads its own'),
  ],
  'large exports of bots, ready to be talked to': [
    by('new keys', 'an account imports exports of 2 MB, and talks to one after the other'),
    by('leave and return', 'a large export and small ones are talked to in turn'),
  ],
  'names, addresses and devices with failed logins': [
    by(
      'push the own limit out',
      'guesses at one name go on beside guesses at invented names',
      'identity/accounts/guessing.test.ts: invented names and many addresses use up the limit of their account, not that of others',
    ),
    by(
      'long keys',
      'guesses are at names of 60,000 characters',
      'identity/accounts/guessing.test.ts: names of any length are limited as others, and not kept',
    ),
  ],
  'owners of tokens that were recognized': [
    by('new keys', 'requests come with ever new wrong tokens'),
    by('long keys', 'requests come with tokens as long as a header may be'),
  ],
  'rings that an agent was sent': [
    by('new keys', 'consumers open conversations that all ring one agent'),
    by(
      'leave and return',
      'an agent lets rings expire, and is rung again for the same conversations',
    ),
  ],
  'states of conversations, agents and consumers': [
    by('new keys', 'strangers sign up and open a conversation each'),
    by('new keys around one in use', 'strangers open conversations while somebody talks in one'),
  ],
  'time zones of calendars, ready to be read': [
    by('new keys', 'calendars are saved with ever other time zones'),
    by('long keys', 'calendars are saved with time zones that are no names of any'),
  ],
  'tokens for custom endpoints of bots': [
    by('new keys', 'an account makes ever other connectors, and tests each'),
    by(
      'new keys around one in use',
      'connectors of one account are made and deleted around a bot that is talking',
    ),
  ],
  'what is remembered of accounts: settings, users, credentials and so on': [
    by('new keys', 'requests name ever other accounts'),
    by('long keys', 'requests name accounts with long invented ids'),
  ],
  'entries of the audit to which more of the same minute is added': [
    by('new keys', 'what is noted differs every time, so that nothing can be added to'),
    by('new keys around one in use', 'one thing is repeated, between ever other ones'),
  ],
  'accounts whose refused requests and log-ins of this hour are counted': [
    by(
      'push the own limit out',
      'an account is attacked on beside others that are attacked for the first time',
    ),
    by('long keys', 'log-ins and requests name accounts with long invented ids'),
  ],
  'OAuth2 servers of accounts': [
    by('new keys', 'browsers ask one account under ever other names of this machine'),
    by('long keys', 'browsers ask under names that are as long as a header may be'),
  ],
  'addresses whose browsers applications have sent to log in': [
    by('push the own limit out', 'one address begins log-ins for ever other applications'),
    by('new keys', 'log-ins are begun from every address of a large IPv6 network'),
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
    ),
  ],
}
