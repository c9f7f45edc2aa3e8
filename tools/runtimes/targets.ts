import { Agent } from 'node:http'
import { callOver, type HookTarget, sendBytes, underHttpApi } from '@behalf/testing/attacks'
import { folder } from './bundle.ts'
import { type clients, LambdaFunction, packFunction } from './lambda/function.ts'
import { Program } from './program.ts'
import type { Runtime } from './runtime.ts'
import { WorkerdServer } from './workerd.ts'

/** The hook that a runtime serves over HTTP in a process of its own. */
export function runtimeTarget({ name, command, server }: Runtime): HookTarget {
  return {
    name,
    async start(setup) {
      const program = new Program([...command, `${folder}${server}`], { SETUP: JSON.stringify(setup) })
      const origin = `http://127.0.0.1:${await program.line(/^port (\d+)$/)}`
      const agent = new Agent({ keepAlive: true })
      return {
        call: (call) => callOver(origin, agent, call),
        // How broken HTTP is refused is the business of each runtime's own server; Node's is held to it.
        ...(server === 'serve-node.mjs'
          ? { wire: (bytes: string | Buffer) => sendBytes(origin, bytes) }
          : {}),
        async [Symbol.asyncDispose]() {
          agent.destroy()
          await program[Symbol.asyncDispose]()
        },
      }
    },
  }
}

/** The hook as a Worker on `workerd`. */
export const workerdTarget: HookTarget = {
  name: 'workerd',
  async start(setup) {
    const running = await WorkerdServer.start('worker.mjs', { SETUP: JSON.stringify(setup) })
    const agent = new Agent({ keepAlive: true })
    return {
      call: (call) => callOver(running.origin, agent, call),
      async [Symbol.asyncDispose]() {
        agent.destroy()
        await running[Symbol.asyncDispose]()
      },
    }
  },
}

/** The packed Lambda function, configuration in the zip, invoked through the runtime API. */
export function packedTarget(client: keyof typeof clients): HookTarget {
  return {
    name: `packed function (${client})`,
    async start(setup) {
      const task = packFunction(setup)
      const running = await LambdaFunction.start(task, client)
      const target = underHttpApi(async (event) => {
        const invocation = await running.invoke(event)
        if (invocation.kind === 'error') throw new Error(JSON.stringify(invocation.error))
        // What is no result makes the judge complain.
        return invocation.result as { statusCode: number; body: string }
      })
      return {
        ...target,
        async [Symbol.asyncDispose]() {
          await running[Symbol.asyncDispose]()
          LambdaFunction.remove(task)
        },
      }
    },
  }
}
