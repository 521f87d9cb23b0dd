export { type ControllerBot, type ControllerBotDeps, openControllerBot } from './open.ts'
