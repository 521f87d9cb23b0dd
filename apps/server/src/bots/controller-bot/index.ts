export { type AutomaticMessages, openAutomaticMessages } from './automatic-messages.ts'
export { type ControllerBot, openControllerBot } from './open.ts'
