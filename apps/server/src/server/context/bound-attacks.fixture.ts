import { ATTACKS_ON_MAPS } from './attacks-on-maps.fixture.ts'
import { ATTACKS_ON_CACHES } from './attacks-on-caches.fixture.ts'
import { type BoundAttacks, by } from './bound-attack.fixture.ts'
import * as functions from './door-attacks-on-functions.fixture.ts'
import * as places from './door-attacks-on-places.fixture.ts'
import * as streams from './door-attacks-on-streams.fixture.ts'

/** Two attacks on every bound, by what it holds: `docs/attacks.md` shows them, and a bound without them fails. */
export const BOUND_ATTACKS: BoundAttacks = {
  ...ATTACKS_ON_CACHES,
  ...ATTACKS_ON_MAPS,
  'WebSockets, by the address of the client': [
    by(
      'many take all there is',
      'one machine opens sockets from every address of its IPv6 network',
      'wire/messaging/sockets/strangers.test.ts: an address has so many sockets, an IPv6 network as many as one address',
    ),
    by(
      'leave and return at the limit',
      'at its limit, a client drops one socket after the other without a word, and opens another for each',
      'server/context/doors.test.ts: a client that leaves and returns at its limit has no more than it: %s',
    ),
  ],
  'bytes of files that are being uploaded or downloaded, by address': [
    by(
      'one takes all it may',
      'one address announces large uploads, sends nearly all of each and never ends it',
      'messaging/files/quotas.test.ts: an address has 100 MB of files on their way, and others send theirs',
    ),
    by(
      'leave and return at the limit',
      'uploads are broken off in the middle and begun again',
      places.breakOffUploads,
    ),
  ],
  'changes that a stream of updates has not sent yet': [
    by(
      'one takes all it may',
      'a reader opens a stream and never reads, while more things change than it may have waiting',
      'edge/updates/updates.test.ts: a reader that does not read holds little, and is told to read the lists again',
    ),
    by(
      'leave and return at the limit',
      'a reader comes back after much has changed, and again',
      streams.comeBackAfterMuch,
    ),
  ],
  'bytes of frames that are not complete, or not answered yet': [
    by(
      'one grows',
      'one address begins large frames on many sockets and ends none',
      'wire/messaging/sockets/strangers.test.ts: frames that never end hold 16 MB of one address, and cut none of another',
    ),
    by(
      'many hold little',
      'many addresses hold a little each, beside one that is served all the while',
      'wire/messaging/sockets/strangers.test.ts: frames that never end hold 128 MB in all',
    ),
  ],
  'bytes of their answers that are being read, by account': [
    by(
      'one takes all it may',
      'a function asks this server for the largest answers, many at once',
      'server/platform/platform-calls.test.ts: an answer of more than 10 MB is refused, one below it arrives',
    ),
    by(
      'leave and return at the limit',
      'a function drops each answer in the middle, by ending its call, and asks again',
      functions.dropLargeAnswers,
    ),
  ],
  'bytes that clients of sockets have not read': [
    by(
      'one grows',
      'clients of one address ask for long answers and never read',
      'wire/messaging/sockets/strangers.test.ts: clients that never read hold 64 MB of one address, and cut none of another',
    ),
    by(
      'grow and shrink at the limit',
      'a client reads just enough not to be cut, again and again',
      'wire/messaging/sockets/connections.test.ts: the server stops reading from a client that does not read, and the client loses nothing',
    ),
  ],
  'commits that wait for the database': [
    by(
      'one takes all it may',
      'messages are published faster than the database commits them',
      'base/store/outage.test.ts: every commit fails in time when the database is away, however many wait',
    ),
    by(
      'leave and return at the limit',
      'clients leave while their messages wait, and come back with others',
      places.leaveWhileMessagesWait,
    ),
  ],
  'connections, WebSockets included': [
    by(
      'one takes all it may',
      'one address opens connections and says nothing',
      'wire/messaging/sockets/strangers.test.ts: an address has so many connections; others are served',
    ),
    by(
      'leave and return at the limit',
      'at its limit, a client resets one connection after the other, and opens another for each',
      'server/context/doors.test.ts: a client that leaves and returns at its limit has no more than it: %s',
    ),
  ],
  'names of hosts that are being looked up': [
    by(
      'one takes all it may',
      'one call looks up silent names, many at once',
      'faas/egress/resolver.test.ts: an account waits for so many names, and no longer than for one; others do not wait for it',
    ),
    by(
      'leave and return at the limit',
      'functions look up new silent names as soon as the ones before are given up',
      functions.callSilentNamesAgain,
    ),
  ],
  'passwords that wait to be hashed': [
    by(
      'one takes all it may',
      'one address logs in many times at once',
      'identity/accounts/guessing.test.ts: a user on a known device logs in before most guesses of a hundred addresses were checked',
    ),
    by(
      'many take all there is',
      'a hundred addresses guess at once',
      'identity/accounts/guessing.test.ts: a user on a known device logs in before most guesses of a hundred addresses were checked',
    ),
  ],
  'queries that wait for a connection to the database': [
    by(
      'one takes all it may',
      'requests that read come faster than the database answers',
      'base/store/outage.test.ts: every commit fails in time when the database is away, however many wait',
    ),
    by(
      'leave and return at the limit',
      'clients break off their requests while the queries wait, and send others',
      places.breakOffReads,
    ),
  ],
  'requests of functions to this server as host calls, by account': [
    by(
      'one takes all it may',
      'a function asks for event streams, which never end, as often as it may',
      functions.askForEventStreams,
    ),
    by(
      'leave and return at the limit',
      'a function ends its calls while what they have asked is open',
      'faas/sandbox/host-calls.test.ts: what another call of the instance has asked goes on',
    ),
  ],
  'sockets whose client has not authenticated': [
    by(
      'one takes all it may',
      'one address opens sockets and never authenticates',
      'wire/messaging/sockets/strangers.test.ts: an address has so many sockets that have not authenticated, and they must do it in time',
    ),
    by(
      'leave and return at the limit',
      'clients come with wrong tokens, ignore that their sockets are closed, and go on sending',
      'wire/messaging/sockets/strangers.test.ts: a client with a wrong token may send little while its socket is being closed: %s',
    ),
  ],
  'characters of sources that are being checked or wait for it': [
    by(
      'one takes all it may',
      'an account has sources checked that take as long as they may, many at once',
      'faas/source/compiler.test.ts: a source that the compiler works on for ever is refused, and others are compiled meanwhile',
    ),
    by(
      'leave and return at the limit',
      'a client breaks off its requests while their sources are checked, and sends others',
      functions.breakOffChecks,
    ),
  ],
  'updates that wait until a client has what came before them': [
    by(
      'all at once',
      'much happens while a client waits for the first answer of its subscription',
      places.muchHappensBeforeTheFirstAnswer,
    ),
    by(
      'go on after a refusal',
      'it goes on happening after the socket was closed',
      places.itGoesOnAfterTheEnd,
    ),
  ],
  'notifications that are being sent to webhooks, or wait for that': [
    by(
      'one takes all it may',
      'conversations of one account change faster than its webhook answers',
      'wire/messaging/webhooks/slow-end-points.test.ts: a silent end point delays only its own notifications, however many wait',
    ),
    by(
      'leave and return at the limit',
      'a webhook takes each notification and never answers',
      'wire/messaging/webhooks/slow-end-points.test.ts: a silent end point delays only its own notifications, however many wait',
    ),
  ],
}
