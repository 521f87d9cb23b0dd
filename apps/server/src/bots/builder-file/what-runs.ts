/** What an export may hold, row by row of `spec/conversation-builder.md`, and what becomes of it here. */
export const INTERACTION_TYPES = [
  'DIALOG_STARTER',
  'TEXT',
  'TEXT_QUESTION',
  'MULTIPLE_CHOICE_QUESTION',
  'QUICK_REPLY',
  'BUTTON',
  'STRUCTURED',
  'IMAGE',
  'UNIVERSAL',
  'API_INTEGRATION',
  'ESCALATION',
] as const

export const MATCH_TYPES = [
  'PATTERN',
  'REGEX',
  'EVAL_OPTION',
  'API_RESULT',
  'NO_MATCH',
  'INTENT',
] as const

export const CONTEXT_MATCH_TYPES = ['CONTAINS', 'NOT_CONTAINS', 'EQUALS', 'NOT_EQUALS'] as const

export const ACTION_VALUES = ['next', 'none', 'close_dialog', 'close_conversation'] as const

export const CONTEXT_MATCHES = ['ANY', 'ALL'] as const

export const BUTTON_TYPES = ['web_url', 'postback'] as const

/** Members with the values that they may have; other ones do not run. By the object that holds them. */
export const MEMBER_VALUES = {
  'bot type': ['CUSTOMER_FACING_BOT'],
  'bot version': ['2'],
  'dialog type': ['DIALOG', 'FALLBACK_DIALOG'],
  'message type': ['BOT_MESSAGE'],
  'content type': ['STATIC', 'DYNAMIC'],
  'quick reply': ['text'],
  'display of choices': ['BUTTON', 'TEXT'],
  'style of choices': ['NUMBERS', 'LETTERS', 'NONE'],
  'API result': ['SUCCESS', 'FAILED'],
  method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
} as const

export const VARIABLE_SCOPES = ['REQUEST', 'DIALOG', 'SESSION', 'FOREVER'] as const

export const INTEGRATION_TYPES = ['API', 'FAAS'] as const

export const HOOKS = ['__initConversation', '__agentEscalation'] as const

/** Calls of `botContext` that do what they say. */
export const CALLS = [
  'addQuickReples',
  'addQuickReplies',
  'deleteAllContextDataForConversation',
  'deleteAllContextDataForUser',
  'deleteContextDataForConversation',
  'deleteContextDataForUser',
  'deleteContextNamespace',
  'deleteGlobalContextData',
  'evaluateOptions',
  'getApiStatusCode',
  'getBotVariable',
  'getButtonPayload',
  'getChannel',
  'getChatBotId',
  'getContextDataForConversation',
  'getContextDataForUser',
  'getConversationId',
  'getCurrentUserMessage',
  'getDialogStarterIntent',
  'getDisambiguatedIntentId',
  'getDisambiguatedIntentName',
  'getEmail',
  'getEnvVariable',
  'getGlobalContextData',
  'getHoursType',
  'getLPAccountId',
  'getLPCustomerInfo',
  'getLPEngagementAttribute',
  'getLPUserPersonalInfo',
  'getMetadata',
  'getQuickReplyPayload',
  'getUserChannel',
  'getUserLocation',
  'getUserName',
  'getUserPlatformId',
  'isApiExecutionSuccessful',
  'isContextApiEnabled',
  'logCustomEvent',
  'logEscalationEvent',
  'printDebugMessage',
  'registerContextNamespace',
  'sendImmediateReply',
  'sendMessage',
  'sendMessageWithQuickReplies',
  'sendMessages',
  'setAllowMaxTextResponse',
  'setBotVariable',
  'setContextDataForConversation',
  'setContextDataForUser',
  'setEmail',
  'setGlobalContextData',
  'setMessageDelay',
  'setTriggerNextMessage',
  'setUserName',
] as const

/** Calls that answer `null`: the service behind them is not part of Parley. */
export const EMPTY_CALLS = [
  'askMaven',
  'getFileCaption',
  'getFileType',
  'getNamedEntities',
  'getNlpResponse',
  'getSentiment',
  'getWebViewVariable',
  'getWebViewVariables',
  'setBotTransferIntentId',
  'setBotTransferIntentbyDomain',
  'setBotTransferUserMessage',
] as const
