import { WebSocketServer } from 'ws'
import { answerOrders } from '../answer-orders.ts'

/** The anchor: the least that `ws` can do. */
const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.env['PORT']),
  perMessageDeflate: false,
})
server.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => socket.send(data, { binary: false }))
})
server.on('listening', () => answerOrders(() => undefined))
