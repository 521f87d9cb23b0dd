import { type BoundAttacks, by } from './bound-attack.fixture.ts'
import * as functions from './door-attacks-on-functions.fixture.ts'
import * as identity from './door-attacks-on-identity.fixture.ts'
import * as messaging from './door-attacks-on-messaging.fixture.ts'

/** Two attacks on each map in which something is counted, by what it holds. */
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
      functions.askInManyAccounts,
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
      functions.countManyAccounts,
    ),
    by(
      'long keys',
      'somebody invokes for accounts with long invented names',
      functions.invokeInInventedAccounts,
    ),
  ],
  'accounts whose invocations of this second are counted': [
    by(
      'push the own limit out',
      'an account that is at its limit invokes while others invoke for the first time',
      functions.invokeAtTheLimit,
    ),
    by('leave and return', 'an account invokes in bursts beside others', functions.invokeInBursts),
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
  'addresses that have asked for tokens of consumers': [
    by(
      'push the own limit out',
      'one address signs up by all the ways there are, in turn',
      'server/context/doors.test.ts: a client that changes what it can stays at its limit: %s',
    ),
    by(
      'new keys',
      'sign-ups come from every address of a large IPv6 network',
      identity.signUpFromANetwork,
    ),
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
    by(
      'long keys',
      'chats are started for accounts with long invented names',
      identity.nameInventedAccounts,
    ),
  ],
  'addresses whose requests of this second are counted': [
    by(
      'push the own limit out',
      'forty consumers of one address send as much as each of them may',
      'wire/messaging/sockets/floods.test.ts: consumers of one address together send as much as twenty sockets',
    ),
    by(
      'leave and return',
      'a client sends a burst, opens another socket from another address and sends the next one there',
      messaging.sendBurstsFromManyAddresses,
    ),
  ],
  'consumers whose requests of this second are counted': [
    by(
      'push the own limit out',
      'a consumer sends on four sockets at once',
      'wire/messaging/sockets/floods.test.ts: a consumer sends on all its sockets together as much as on one, and leaves a part to agents',
    ),
    by(
      'new keys',
      'consumers sign up, send a burst and are never seen again',
      identity.signUpSendAndGo,
    ),
  ],
  'functions whose invocations of this minute are counted': [
    by('new keys', 'an account invokes ever other functions', functions.invokeManyFunctions),
    by(
      'long keys',
      'somebody invokes functions with long invented ids',
      functions.invokeInventedFunctions,
    ),
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
  'entries of the audit to which more of the same minute is added': [
    by(
      'new keys',
      'what is noted differs every time, so that nothing can be added to',
      identity.noteSomethingElseEveryTime,
    ),
    by(
      'new keys around one in use',
      'one thing is repeated, between ever other ones',
      identity.repeatOneThingBetweenOthers,
    ),
  ],
  'accounts whose refused requests and log-ins of this hour are counted': [
    by(
      'push the own limit out',
      'an account is attacked on beside others that are attacked for the first time',
      identity.attackAccountsInTurn,
    ),
    by(
      'long keys',
      'log-ins and requests name accounts with long invented ids',
      identity.nameInventedAccounts,
    ),
  ],
  'addresses whose browsers applications have sent to log in': [
    by(
      'push the own limit out',
      'one address begins log-ins for ever other applications, between those of others',
      identity.beginLogInsForEveryApplication,
    ),
    by(
      'new keys',
      'log-ins are begun from every address of a large IPv6 network',
      identity.beginLogInsFromANetwork,
    ),
  ],
}
