export { checkBot } from './check.ts'
export type { BotCheck } from './findings.ts'
export { type ReadExport, readExport } from './read-export.ts'
export {
  ACTION_VALUES,
  CALLS,
  CONTEXT_MATCH_TYPES,
  EMPTY_CALLS,
  HOOKS,
  INTEGRATION_TYPES,
  INTERACTION_TYPES,
  MATCH_TYPES,
  MEMBER_VALUES,
  VARIABLE_SCOPES,
} from './what-runs.ts'
