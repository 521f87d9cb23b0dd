import * as z from 'zod'
import type { TimerKind } from '#base/delivery'
import type { TimerArm } from '#base/store'
import { endOfDays, Since } from '#identity/settings'
import { PROFILE } from '#messaging/reading'
import type { PeopleDeps } from './deps.ts'
import { deleteLonelyProfile, deleteVisitors, endKey, PERSON_END, VISITOR } from './repository.ts'

const Person = Since.extend({ document: z.enum([PROFILE, VISITOR]), id: z.string() })
type Person = z.infer<typeof Person>

/** Armed anew with each change: the document ends so many days after the last one. */
export async function endOf(
  { settings, clock }: Pick<PeopleDeps, 'settings' | 'clock'>,
  accountId: string,
  { document, id, since = clock.now() }: Person,
): Promise<TimerArm> {
  const days = document === PROFILE ? 'profileDays' : 'visitorDays'
  const dueAt = await endOfDays({ settings }, accountId, days, since)
  return { kind: PERSON_END, key: endKey(document, id), dueAt, facts: { document, id, since } }
}

/** Ends what is known of a visitor, and the profile of a consumer without conversations; one with conversations is looked at later. */
export function personEndTimer(deps: PeopleDeps): TimerKind<Person> {
  const { store, delivery } = deps
  return {
    kind: PERSON_END,
    workers: 1,
    facts: Person,
    async fire(timer) {
      const { accountId, facts } = timer
      const { document, id, since } = facts
      const end = await endOf(deps, accountId, facts)
      const next = await endOf(deps, accountId, { document, id })
      await store.transaction(async (tx) => {
        // False when the document was changed meanwhile: then it is too young.
        if (!(await delivery.endTimer(tx, timer))) return
        // The account wants more days now.
        if (since !== undefined && end.dueAt > timer.dueAt)
          await delivery.armTimer(tx, accountId, end)
        else if (document === VISITOR) await deleteVisitors(tx, accountId, [id])
        else if (await deleteLonelyProfile(tx, accountId, id)) return
        else await delivery.armTimer(tx, accountId, next)
      })
    },
    exhausted: {
      async goOn({ accountId, kind, key, generation, facts: { document, id } }, deadLetter) {
        const arm = [await endOf(deps, accountId, { document, id })]
        const completesTimer = { kind, key, generation }
        await delivery.commit({ accountId, documents: [], completesTimer, arm, deadLetter })
      },
    },
  }
}
