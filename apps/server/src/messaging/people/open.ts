import { withDeps } from '#base/kernel'
import type { PeopleDeps } from './deps.ts'
import { personEndTimer } from './ending.ts'
import * as erasing from './erase.ts'
import * as profiles from './profiles.ts'
import * as visitors from './visitors.ts'

/** What is known about consumers beside their conversations: profiles, and the visits that they came from. */
export type People = ReturnType<typeof openPeople>

export function openPeople(deps: PeopleDeps) {
  deps.delivery.onTimer(personEndTimer(deps))
  return withDeps(deps, { ...profiles, ...visitors, ...erasing })
}
