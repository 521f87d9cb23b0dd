export { anchoredCpuMs, anchoredMs, fastestMs } from './anchored.ts'
export { openDatabaseProxy, openTcpProxy } from './tcp-proxy.ts'
export { login, signUp } from '@parley/client'
export { copyOpenConversation } from './copy-open-conversation.ts'
export type { Credentials } from './credentials.ts'
export { dice } from './dice.ts'
export { type DoomedNode, startDoomedNode } from './doomed-node.ts'
export {
  authorizePath,
  consent,
  givenApplication,
  onwardOf,
  openTestBrowser,
  pkcePair,
  type TestApplication,
  type TestBrowser,
} from './oauth-browser.ts'
export {
  breakListening,
  countWaiting,
  HOUR_AGO,
  silenceKilledNodes,
  lockTable,
  waitingFor,
} from './faults.ts'
export { type Filling, fillSchema, type FoundSchema, schemasIn } from './fill-schema.ts'
export { openEventSource, type ServerSentEvent, type TestEventSource } from './event-source.ts'
export { openFilling } from './fill-database.ts'
export { makeExamples } from './fill-examples.ts'
export { type HttpSite, startHttpSite } from './http-site.ts'
export { givenIssuer, TEST_ISSUER } from './issuer.ts'
export { type Lambda, type Lambdas, lambdasOf } from './lambdas.ts'
export { leapingMonotonic } from './leaping-monotonic.ts'
export { liveBytes } from './live-bytes.ts'
export { MAIL_ALL, openMailOutbox, type TestMail, type TestMailOutbox } from './mail-outbox.ts'
export {
  openTestMailServer,
  readMail,
  type ReceivedMail,
  type TestMailServer,
  type Treatment,
} from './mail-server.ts'
export { type ConsumerChatTalk, startChat } from './consumer-chat.ts'
export { type Ask, liveChatAccount, type LiveChatAccount, type TestChat } from './live-chat.ts'
export { type NameServer, startNameServer } from './name-server.ts'
export { multiplyConversation } from './multiply-conversation.ts'
export { multiplyMessages } from './multiply-messages.ts'
export {
  type AgentSocket,
  type ConsumerSocket,
  openAgentSocket,
  openConsumerSocket,
} from './sockets.ts'
export { freePort } from './free-port.ts'
export { PATIENCE_MS, PATIENT_SERVER } from './patience.ts'
export { TLS_FOLDERS } from './prepare-certificates.ts'
export { openPlanWitness, stepsOf, type PlanWitness, type RunStatement } from './plan-witness.ts'
export { openRawWebSocket, type RawWebSocket } from './raw-web-socket.ts'
export { openWireSocket, type WireSocket } from './wire-socket.ts'
export { BEYOND, eachLeaf, mapLeaves, nearly, ODD_TEXTS } from './odd-inputs.ts'
export { FIRST_SKILL, FIRST_USER, givenLargeAccount } from './large-account.ts'
export { anotherScene, call, givenFunction, givenSkill, type Scene } from './scene.ts'
export { openSmallDisk } from './small-disk.ts'
export { type Reply, sendRequest, type SentRequest } from './send-request.ts'
export { stopAt } from './stop-at.ts'
export { tablesWith } from './tables-with.ts'
export { startTestServer, type TestServer, type TestServerOptions } from './start-test-server.ts'
export { servedConversation, twoNodeAccount } from './two-node-account.ts'
export { startWatchedServer } from './watched-server.ts'
export { startTestPostgres } from './test-postgres.ts'
