import { ordersOf } from './api-a.js'
import { whoseOrders } from './api-b.js'
import { exchange } from './exchange.js'

if (typeof ordersOf !== 'function' || typeof whoseOrders !== 'function') throw new Error('nothing to call')

exchange().then(
  (user) => console.log(`API B saw ${user}`),
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
