import type {
  AccountSettingsTable,
  AccountTable,
  AccountUserTable,
  ApiKeyTable,
  AuditEntryTable,
  GrantItemTable,
  InvitationTable,
  InstallationTable,
  LoginSessionTable,
  OauthClientTable,
  InstallationKeyTable,
  OperatorEntryTable,
  SigningKeyTable,
  SkillTable,
  TokenIssuerTable,
  UsedNonceTable,
  UserSkillTable,
  WorkCalendarTable,
} from './accounts.ts'
import type {
  BotAgentTable,
  BotErrorTable,
  BuilderBotRevisionTable,
  BuilderBotTable,
  ConnectorTable,
} from './bots.ts'
import type {
  ContextKeyTable,
  ContextNamespaceTable,
  ContextPropertyTable,
} from './context-store.ts'
import type { FileTable, NodeTable } from './conversations.ts'
import type { FigureMinuteTable } from './figures.ts'
import type { AutomaticMessageTable } from './controller-bot.ts'
import type {
  ActivityTable,
  AllowedDomainTable,
  BlockedCallTable,
  DeploymentTable,
  EventSlotTable,
  FunctionTable,
  FunctionVersionTable,
  ScheduleRunTable,
  SavedPayloadTable,
  ScheduleTable,
  SecretTable,
} from './functions.ts'
import type {
  InvocationBundleTable,
  InvocationMinuteTable,
  InvocationTable,
  LogEntryTable,
  RecordingTable,
  ReplayedRunTable,
  ReplayJobTable,
} from './invocations.ts'
import type {
  CommitLaneTable,
  ConversationTable,
  DeadLetterTable,
  DocumentTable,
  MessageTable,
  OutboxTable,
  ProcedureUseTable,
  TimerTable,
} from './store.ts'
import type { KeptMailTable } from './transcripts.ts'
import type { SurveyRevisionTable, SurveySkillTable, SurveyTable } from './surveys.ts'

/** Every table, by its camelCase name. Add yours here, one line each. */
export interface Tables {
  conversation: ConversationTable
  message: MessageTable
  document: DocumentTable
  outbox: OutboxTable
  timer: TimerTable
  node: NodeTable
  file: FileTable
  figureMinute: FigureMinuteTable
  deadLetter: DeadLetterTable
  commitLane: CommitLaneTable
  procedureUse: ProcedureUseTable
  installation: InstallationTable
  account: AccountTable
  operatorEntry: OperatorEntryTable
  accountSettings: AccountSettingsTable
  accountUser: AccountUserTable
  skill: SkillTable
  userSkill: UserSkillTable
  workCalendar: WorkCalendarTable
  auditEntry: AuditEntryTable
  loginSession: LoginSessionTable
  oauthClient: OauthClientTable
  grantItem: GrantItemTable
  invitation: InvitationTable
  apiKey: ApiKeyTable
  usedNonce: UsedNonceTable
  signingKey: SigningKeyTable
  installationKey: InstallationKeyTable
  tokenIssuer: TokenIssuerTable
  automaticMessage: AutomaticMessageTable
  survey: SurveyTable
  surveyRevision: SurveyRevisionTable
  surveySkill: SurveySkillTable
  botAgent: BotAgentTable
  botError: BotErrorTable
  connector: ConnectorTable
  builderBot: BuilderBotTable
  builderBotRevision: BuilderBotRevisionTable
  function: FunctionTable
  functionVersion: FunctionVersionTable
  deployment: DeploymentTable
  eventSlot: EventSlotTable
  secret: SecretTable
  allowedDomain: AllowedDomainTable
  blockedCall: BlockedCallTable
  schedule: ScheduleTable
  scheduleRun: ScheduleRunTable
  savedPayload: SavedPayloadTable
  activity: ActivityTable
  invocation: InvocationTable
  invocationBundle: InvocationBundleTable
  recording: RecordingTable
  replayJob: ReplayJobTable
  replayedRun: ReplayedRunTable
  logEntry: LogEntryTable
  invocationMinute: InvocationMinuteTable
  contextKey: ContextKeyTable
  contextNamespace: ContextNamespaceTable
  contextProperty: ContextPropertyTable
  keptMail: KeptMailTable
}
