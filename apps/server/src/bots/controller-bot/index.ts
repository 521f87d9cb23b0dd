export { type AutomaticMessages, openAutomaticMessages } from './automatic-messages.ts'
export { type ControllerBot, type ControllerBotDeps, openControllerBot } from './open.ts'
