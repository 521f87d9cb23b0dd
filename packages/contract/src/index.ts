import './broken-rules.ts'
export * from './activities.ts'
export * from './counted.ts'
export * from './accounts.ts'
export * from './agent-commands.ts'
export * from './allowlist.ts'
export * from './automatic-messages.ts'
export * from './blocked-calls.ts'
export * from './board.ts'
export * from './bot-agents.ts'
export * from './bot-export.ts'
export * from './builder-bots.ts'
export { canonicalLanguage } from './canonical-language.ts'
export * from './chat-survey.ts'
export * from './chat-timeline.ts'
export * from './chat-entry.ts'
export * from './chat.ts'
export * from './clock.ts'
export * from './connectors.ts'
export * from './consumer-page.ts'
export * as contextStore from './context-store.ts'
export { clientFeaturesOf } from './client-features.ts'
export * from './conversation-changes.ts'
export * from './conversation-history.ts'
export * from './conversations.ts'
export * from './credentials.ts'
export * from './dead-letters.ts'
export * from './deliveries.ts'
export { effectiveMessage } from './effective-message.ts'
export { ERRORS, type ErrorCode, type ErrorDetail } from './errors.ts'
export * from './function-events.ts'
export * from './functions.ts'
export * from './hours.ts'
export * from './idle-timing.ts'
export * from './invitations.ts'
export * from './invocations.ts'
export * from './kept.ts'
export { languageAndItsParents } from './language-and-its-parents.ts'
export * from './logs.ts'
export * from './metrics.ts'
export { nearestName } from './nearest-name.ts'
export * from './operator.ts'
export {
  DEFAULT_PROFILES,
  type Permission,
  PERMISSIONS,
  type Profile,
  PROFILE_PERMISSIONS,
  PROFILES,
  PROFILES_OF_ROLE,
  ROLE_PERMISSIONS,
  USER_ROLES,
  type UserRole,
} from './permissions.ts'
export * from './privacy.ts'
export * from './replay-jobs.ts'
export * from './replays.ts'
export * from './reports.ts'
export type { RouteAuth, RouteSpec } from './route.ts'
export * from './saved-payloads.ts'
export * from './schedules.ts'
export * from './secrets.ts'
export * from './settings/index.ts'
export * as messaging from './messaging.ts'
export { imagesOf, QuickReplies, type RichElement, StructuredContent } from './rich-content.ts'
export {
  AskedId,
  EMAIL,
  Instant,
  listOf,
  MAX_MESSAGE_CHARACTERS,
  RowNumber,
  StorableText,
  Uuid,
} from './text.ts'
export * from './survey-definition.ts'
export { pageLanguage, type SpokenLanguage, spokenLanguage } from './spoken-language.ts'
export * from './surveys.ts'
export * from './transcripts.ts'
export * from './updates.ts'
