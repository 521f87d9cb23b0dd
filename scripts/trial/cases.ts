import type { TrialCase } from './case.ts'
import { command } from './command.ts'
import { eventOnExistingChange } from './event-on-existing-change.ts'
import { eventOnNewChange } from './event-on-new-change.ts'
import { migration } from './migration.ts'
import { operation } from './operation.ts'
import { setting } from './setting.ts'

/** One of each kind of thing that CONTRIBUTING.md says how to add. */
export const CASES: readonly TrialCase[] = [
  eventOnExistingChange,
  eventOnNewChange,
  command,
  setting,
  operation,
  migration,
]
