import { withDeps } from '#base/kernel'
import type { PeopleDeps } from './deps.ts'
import { followFewerDays } from '#identity/settings'
import { PROFILE } from '#messaging/reading'
import { personEndTimer } from './ending.ts'
import * as erasing from './erase.ts'
import { PERSON_END, VISITOR } from './repository.ts'
import * as profiles from './profiles.ts'
import * as visitors from './visitors.ts'

/** What is known about consumers beside their conversations: profiles, and the visits that they came from. */
export type People = ReturnType<typeof openPeople>

export function openPeople(deps: PeopleDeps) {
  deps.delivery.onTimer(personEndTimer(deps))
  followFewerDays(deps, PERSON_END, {
    profileDays: { document: PROFILE },
    visitorDays: { document: VISITOR },
  })
  return withDeps(deps, { ...profiles, ...visitors, ...erasing })
}
