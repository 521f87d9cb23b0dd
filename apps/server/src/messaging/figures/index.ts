export { type ChatBefore, chatBefore, chatFigures } from './chat-figures.ts'
export { conversationFigures } from './conversation-figures.ts'
export { percentileOf } from './durations.ts'
export { type Figure, figureOf } from './figure.ts'
