/**
 * Members of an export that nothing reads, and that ask for nothing a bot would do: what they are follows from
 * `spec/conversation-builder.md` and from the public exports. Named by the object that holds them.
 */
export const INERT_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  '': ['associatedDomains', 'dialogTemplates', 'hash', 'menus', 'platforms', 'requiredContext'],
  bot: [
    'creationTime',
    'demo',
    'description',
    'entityDataSourceId',
    'getStartedButtonPayload',
    'language',
    'modificationTime',
    'publicBot',
    'readOnly',
    'skipNLP',
    'status',
    'transferGroupId',
  ],
  // Of debugging, and of survey bots.
  'bot.botAttributes': ['ENABLE_DEBUG', 'PCS_FALLBACK_LIMIT'],
  groups: ['chatBotId', 'creationTime', 'description', 'domainId', 'modificationTime'],
  conversationMessage: ['chatBotId', 'comment', 'required'],
  'conversationMessage.content.results': ['type'],
  'conversationMessage.content.results.tile': ['sampleUserInput'],
  'conversationMessage.content.results.tile.tileData.buttons': ['webviewHeightRatio'],
  'conversationMessage.content.results.tile.tileData.escalation': ['tangoContextEnabled'],
  'conversationMessage.responseMatches.conditions': ['contextualSuggestion'],
  responder: [
    'chatbotId',
    'creationTime',
    'defaultValues',
    'fileUrl',
    'group',
    'modificationTime',
    'results',
    'tangoContextEnabled',
  ],
  globalFunctions: ['chatBotId', 'creationTime', 'modificationTime'],
  associatedIntents: ['domain', 'domainId', 'intentOrigin', 'isLiveIntent', 'modifiedBy', 'type'],
}
