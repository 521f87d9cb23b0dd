export { type Actor, isAgentOf, isConsumerOf, requireAgent, requireParticipant } from './actor.ts'
export { findForeignImage } from './card-images.ts'
export { changeSkill, moveToSkill } from './change-skill.ts'
export {
  closeConversation,
  closeDialog,
  hasClosedAll,
  hasClosedDialog,
  type Survey,
} from './close.ts'
export { consumerAfter, ConsumerState, touchedConsumers } from './consumer-record.ts'
export { rateConversation } from './csat.ts'
export {
  assignedAgent,
  type Decision,
  decisionOf,
  noteReason,
  findParticipant,
  getDialog,
  mainDialog,
  note,
  type NotedChange,
  findOpenDialog,
  participantsOf,
} from './decision.ts'
export {
  Availability,
  hasSkill,
  matchAgent,
  mayTake,
  queueOrder,
  type RoutableAgent,
  RINGING,
  type Takeable,
  takeableBy,
} from './match.ts'
export { type Handover, isHandedOver } from './handed-over.ts'
export { openConversation } from './open.ts'
export { changeParticipants, isChanged, suggestAgent, unassign } from './participants.ts'
export {
  isContent,
  type Publication,
  publishAutomaticMessage,
  publishMessage,
} from './publish-message.ts'
export {
  acceptRing,
  dropSuggestion,
  endSuggestion,
  expireRing,
  needsAgent,
  findOpenRing,
  rejectRing,
  ringAgent,
  takeAtOnce,
} from './ring.ts'
export { AgentState, freeSlot, slotHolders, takeSlot } from './slots.ts'
export { stepUp } from './step-up.ts'
export {
  changeDelay,
  changeManualEttr,
  changeTtr,
  type Delay,
  NO_TIME,
  ttrOf,
} from './time-to-respond.ts'
export {
  adjustTimers,
  noteTimer,
  waitsSince,
  CONVERSATION_TIMER,
  type IdleThreshold,
  idleSince,
  isArmedLate,
  TimerName,
  type TimerRules,
  wantedAt,
} from './timers.ts'
export { unreadMessages } from './unread.ts'
