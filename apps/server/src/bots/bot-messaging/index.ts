export { botObserver, openBotMessaging } from './open.ts'
