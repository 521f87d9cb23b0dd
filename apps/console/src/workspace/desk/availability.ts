import { SocketClosedError } from '@parley/client/socket'
import { t } from '../words.ts'
import { AVAILABILITIES, type Availability, type State } from './state.ts'

interface Deps {
  agentId: string
  state: () => State
  change: (part: Partial<State>) => void
  request: (type: string, body: unknown) => Promise<unknown>
}

export interface OwnAvailability {
  /** @throws SocketRequestError where the server refuses it */
  set(availability: Availability): Promise<void>
  /** There is a connection: what was chosen without one is told now. */
  restore(): Promise<void>
  /** What the server says. */
  heard(availability: string): void
}

/** What the agent has chosen. Without a connection, also before the first one, it is shown, kept, and told as soon as there is one. */
export function openAvailability({ agentId, state, change, request }: Deps): OwnAvailability {
  let told: Availability | undefined
  let wanted: Availability | undefined

  async function tell(): Promise<void> {
    const availability = wanted
    if (availability === undefined || state().connection !== 'open') return
    try {
      await request('.ams.routing.SetAgentState', {
        availability,
        channels: ['MESSAGING'],
        agentUserId: agentId,
      })
      told = availability
      if (wanted === availability) wanted = undefined
    } catch (error) {
      // The next connection tells it.
      if (error instanceof SocketClosedError) return
      if (wanted === availability) {
        wanted = undefined
        change({ availability: told })
      }
      throw error
    }
  }

  return {
    async set(availability) {
      wanted = availability
      change({ availability })
      await tell()
    },
    restore: tell,
    heard(availability) {
      const before = told
      // Offline is who has no connection that the server knows of yet.
      told = AVAILABILITIES.find((one) => one === availability)
      if (wanted !== undefined) return
      const isOrdered = before !== undefined && told !== undefined && told !== before
      change({
        availability: told ?? 'AWAY',
        ...(isOrdered && { notice: t.statusSet(t.statuses[told ?? 'AWAY']) }),
      })
    },
  }
}
