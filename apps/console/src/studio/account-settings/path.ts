export const ACCOUNT_PATH = '/$accountId/account'
