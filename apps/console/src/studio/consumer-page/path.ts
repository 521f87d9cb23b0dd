export const LOOK_PATH = '/$accountId/consumer-page'
