import type { AccountSettings } from '@parley/contract'
import { declareBound, openRateLimit } from '#base/bounds'
import { type Monotonic, ParleyError } from '#base/kernel'
import type { Session } from '#wire/messaging/updates'

/** All consumers of one address together may send as much as so many sockets. */
const SOCKETS_PER_ADDRESS = 20
/** The rest of an account's requests is left for its agents and bots. */
const SHARE_OF_CONSUMERS = 0.8
const SECOND_MS = 1000

const ACCOUNTS = declareBound({
  kind: 'map',
  holds: 'accounts whose requests of this second are counted',
  limit: 10_000,
  per: 'side and node',
  beyond: 'the least recently used one is forgotten',
})
const CONSUMERS = declareBound({
  kind: 'map',
  holds: 'consumers whose requests of this second are counted',
  limit: 50_000,
  per: 'node',
  beyond: 'the least recently used one is forgotten',
})
const ADDRESSES = declareBound({
  kind: 'map',
  holds: 'addresses whose requests of this second are counted',
  limit: 50_000,
  per: 'node',
  beyond: 'the least recently used one is forgotten',
})

/** What an account may send, with its sockets and its connectors. */
export type Limits = Pick<
  AccountSettings['messaging'],
  'requestsPerSecond' | 'accountRequestsPerSecond'
>

/** Who sends a request. */
export interface Sender {
  accountId: string
  limits: Limits
  session: Session | undefined
  /** Absent where it is not the client's own: at connectors. */
  addressGroup?: string
}

/** Counts requests by consumer, address and account, so that no consumer uses up what its account may send. */
export interface Floods {
  /** @throws ParleyError `rate_limited` when there are too many */
  count(sender: Sender): void
}

export function openFloods({ monotonic }: { monotonic: Pick<Monotonic, 'now'> }): Floods {
  const now = () => monotonic.now()
  const consumers = openRateLimit(CONSUMERS, now)
  const addresses = openRateLimit(ADDRESSES, now)
  const allConsumers = openRateLimit(ACCOUNTS, now)
  const accounts = openRateLimit(ACCOUNTS, now)

  function isConsumerFlood(
    { accountId, session, addressGroup }: Sender,
    ofSocket: number,
    ofAccount: number,
  ): boolean {
    const id = session?.reader.userId
    const share = Math.max(1, Math.floor(ofAccount * SHARE_OF_CONSUMERS))
    return (
      (id !== undefined && consumers.take(`${accountId} ${id}`, perSecond(ofSocket)) > 0) ||
      (addressGroup !== undefined &&
        addresses.take(`${accountId} ${addressGroup}`, perSecond(ofSocket * SOCKETS_PER_ADDRESS)) >
          0) ||
      allConsumers.take(accountId, perSecond(share)) > 0
    )
  }

  return {
    count(sender) {
      const { accountId, session, limits } = sender
      const { requestsPerSecond, accountRequestsPerSecond } = limits
      const isFlood =
        (session?.side !== 'agent' &&
          isConsumerFlood(sender, requestsPerSecond, accountRequestsPerSecond)) ||
        accounts.take(accountId, perSecond(accountRequestsPerSecond)) > 0
      if (isFlood) throw new ParleyError('rate_limited', 'Too many requests')
    },
  }
}

function perSecond(tokens: number) {
  return { tokens, perMs: SECOND_MS }
}
