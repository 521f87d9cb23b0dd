/** Exports of Conversation Builder that answer whatever is said: with a text, or with what a function makes of it. */
export function echoBot(functionId?: string): object {
  const chatBotId = functionId === undefined ? 'bench-echo' : 'bench-function'
  const message = (id: string, more: object) => ({
    id,
    chatBotId,
    name: id,
    group: 'dialog',
    type: 'BOT_MESSAGE',
    status: 'ACTIVE',
    required: true,
    userInputRequired: false,
    pattern: [],
    quickReplies: [],
    interactionDelay: '0',
    ...more,
  })
  const tile = (tileData: object[]) => ({
    contentType: 'STATIC',
    results: { type: 'TILE', tile: { tileData } },
  })
  const match = (value: string, conditions: object[] = []) => ({
    name: value,
    conditions,
    contextConditions: [],
    contextMatchConditionType: 'ALL',
    action: { name: 'INTERACTION', value },
    contextDataVariables: [],
  })
  const said = functionId === undefined ? 'echo {$userMessage}' : '{made.text}'
  const isDone = {
    contextualSuggestion: false,
    matchType: 'API_RESULT',
    apiResultsMatch: { status: 'SUCCESS' },
  }
  return {
    hash: '0',
    bot: {
      id: chatBotId,
      name: chatBotId,
      chatBotType: 'CUSTOMER_FACING_BOT',
      status: 'ACTIVE',
      language: 'en-US',
      version: '2',
      botAttributes: {},
    },
    groups: [
      {
        id: 'dialog',
        chatBotId,
        name: 'Fallback',
        dialogType: 'FALLBACK_DIALOG',
        status: 'ENABLED',
      },
    ],
    conversationMessage: [
      ...(functionId === undefined
        ? []
        : [
            message('ask', {
              interactionType: 'API_INTEGRATION',
              content: { contentType: 'DYNAMIC', responderName: 'Bench', responderId: 'bench' },
              responseMatches: [match('say', [isDone])],
            }),
          ]),
      message('say', {
        interactionType: 'TEXT',
        content: tile([{ text: said }]),
        responseMatches: [],
        ...(functionId !== undefined && { prevMessageId: 'ask' }),
      }),
    ],
    responder:
      functionId === undefined
        ? []
        : [
            {
              id: 'bench',
              chatbotId: chatBotId,
              name: 'Bench',
              integrationType: 'FAAS',
              webhook: '',
              method: 'GET',
              headers: [],
              postBody: '{"message": "{$userMessage}"}',
              customDataFields: [{ key: 'text', value: '{$.api_made.messages[0]}' }],
              responseDataVariable: 'made',
              transformResultsScript: '',
              lambdaUuid: functionId,
            },
          ],
    requiredContext: [],
    menus: [],
    globalFunctions: { chatBotId, methods: '' },
  }
}
