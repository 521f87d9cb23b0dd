import type { Place } from './identity.ts'
import { tryFetch } from './retrying.ts'
import type { Person, State, StoredEntry } from './state.ts'

interface PublicProfile {
  nickname: string
  isBot: boolean
  pictureUrl?: string
}

/** Looks up who writes on the other side, each person once. */
export function openPeople(
  { origin, accountId }: Place,
  found: (pid: string, person: Person) => void,
): { meet(pid: string): void } {
  const met = new Set<string>()

  async function look(pid: string): Promise<void> {
    const path = `/api/account/${accountId}/configuration/le-users/users/${pid}`
    const response = await tryFetch(origin + path)
    // Without an answer the role is shown; the next message of the person asks again.
    if (!response) met.delete(pid)
    // Of a user that was deleted nothing is known: the role is shown.
    if (!response?.ok) return
    const { nickname, isBot, pictureUrl } = (await response.json()) as PublicProfile
    found(pid, { name: nickname, isBot, pictureUrl })
  }

  return {
    meet(pid) {
      if (met.has(pid)) return
      met.add(pid)
      // An answer that breaks off is none.
      look(pid).catch(() => met.delete(pid))
    },
  }
}

/** Who of the account wrote them. The survey's bot and the Controller Bot are not users: nothing is known of them. */
export function authorsOf(
  { shown, conversation }: State,
  stored: readonly StoredEntry[],
): readonly string[] {
  const surveys = new Set(
    [...shown, ...(conversation ? [conversation] : [])]
      .flatMap(({ dialogs }) => dialogs)
      .flatMap((one) => (one.dialogType === 'POST_SURVEY' ? [one.dialogId] : [])),
  )
  return stored.flatMap(({ role, pid, dialogId }) => {
    const isUser = role !== 'CONSUMER' && role !== 'CONTROLLER' && !surveys.has(dialogId)
    return isUser && pid !== undefined ? [pid] : []
  })
}
