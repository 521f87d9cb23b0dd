/** What the toolbelt names by constants. The clients stand in `lp-faas-toolbelt.d.ts`. */
declare module 'lp-faas-toolbelt' {
  /** The published codes of errors. */
  const ErrorCodes: {
    Platform: { Secret: { NoToken: string } }
    Secret: { Invalid: string; Failure: string; NotFound: string; AuthFailure: string }
    Csds: { NotFound: string; Failure: string }
  }
  /** Names of services for `LpClient`. Published: `ToolbeltDocumentation/lp-client.md`. */
  const LpServices: Record<
    | 'MSG_HIST'
    | 'AGENT_VEP'
    | 'ACCOUNT_CONFIG_READ_ONLY'
    | 'ACCOUNT_CONFIG_READ_WRITE'
    | 'ASYNC_MESSAGING'
    | 'ASYNC_MESSAGING_EN'
    | 'ENG_HIST_DOMAIN'
    | 'RTBF'
    | 'AUDITLOG'
    | 'SMT'
    | 'PUSHER'
    | 'LE_DATA_REPORTING'
    | 'MSG_EWT_API'
    | 'MSDKGW',
    string
  >
  /** Parts of a conversation for `getConversationById`. Published: `ToolbeltDocumentation/conversation-util.md`. */
  const ConversationContentTypes: Record<
    | 'INFO'
    | 'SDES'
    | 'UNAUTH_SDES'
    | 'CAMPAIGN'
    | 'MESSAGE_RECORDS'
    | 'AGENT_PARTICIPANTS'
    | 'AGENT_PARTICIPANTS_ACTIVE'
    | 'CONSUMER_PARTICIPANTS'
    | 'TRANSFERS'
    | 'INTERACTIONS'
    | 'MESSAGE_SCORES'
    | 'MESSAGE_STATUSES'
    | 'SKILL_CHANGES'
    | 'CONVERSATION_SURVEYS'
    | 'AGENT_PARTICIPANTS_LEAVE'
    | 'COBROWSE_SESSIONS'
    | 'SUMMARY'
    | 'MONITORING'
    | 'DIALOGS'
    | 'RESPONSE_TIME'
    | 'INTENTS'
    | 'UNIQUE_INTENTS'
    | 'LATEST_AGENT_SURVEY'
    | 'PREVIOUSLY_SUBMITTED_AGENT_SURVEYS',
    string
  >
  /** Values of `type` of an SDE. Published: `ToolbeltDocumentation/sde-util.md`. */
  const SDETypes: Record<
    | 'CART'
    | 'TRANSACTION'
    | 'VIEWED_PRODUCT'
    | 'CUSTOMER_INFO'
    | 'MARKETING_SOURCE'
    | 'PERSONAL_INFO'
    | 'LEAD'
    | 'SERVICE_ACTIVITY'
    | 'VISITOR_ERROR'
    | 'SEARCHED_CONTENT',
    string
  >
  /** Whether `OrchestratorClient` goes on after a failed invocation. Default: it does. */
  const ErrorStrategy: { CONTINUE_ON_ERROR: string; EXIT_ON_ERROR: string }
}
