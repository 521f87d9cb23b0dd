import * as z from 'zod'
import type { TimerKind } from '#base/delivery'
import type { TimerArm } from '#base/store'
import { PROFILE } from '#messaging/reading'
import type { PeopleDeps } from './deps.ts'
import { deleteLonelyProfile, deleteVisitors, endKey, PERSON_END, VISITOR } from './repository.ts'

const DAY_MS = 86_400_000

const Person = z.object({ document: z.enum([PROFILE, VISITOR]), id: z.string() })
type Person = z.infer<typeof Person>

/** Armed anew with each change: the document ends so many days after the last one. */
export async function endOf(
  { settings, clock }: Pick<PeopleDeps, 'settings' | 'clock'>,
  accountId: string,
  person: Person,
): Promise<TimerArm> {
  const { profileDays, visitorDays } = (await settings.get(accountId)).retention
  const days = person.document === PROFILE ? profileDays : visitorDays
  const dueAt = clock.now() + days * DAY_MS
  return { kind: PERSON_END, key: endKey(person.document, person.id), dueAt, facts: person }
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
      const next = await endOf(deps, accountId, facts)
      await store.transaction(async (tx) => {
        // False when the document was changed meanwhile: then it is too young.
        if (!(await delivery.endTimer(tx, timer))) return
        if (facts.document === VISITOR) await deleteVisitors(tx, accountId, [facts.id])
        else if (await deleteLonelyProfile(tx, accountId, facts.id)) return
        else await delivery.armTimer(tx, accountId, next)
      })
    },
    exhausted: {
      async goOn({ accountId, kind, key, generation, facts }, deadLetter) {
        const arm = [await endOf(deps, accountId, facts)]
        const completesTimer = { kind, key, generation }
        await delivery.commit({ accountId, documents: [], completesTimer, arm, deadLetter })
      },
    },
  }
}
