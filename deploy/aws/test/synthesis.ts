import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Code } from 'aws-cdk-lib/aws-lambda'
import { expect } from 'vitest'
import { BehalfHook, type BehalfHookProps } from '../src/behalf-hook.ts'
import { standaloneTemplate } from '../src/standalone-template.ts'

/** A stack of one construct. */
export function synthesise(props: (stack: Stack) => Partial<BehalfHookProps> = () => ({})): Template {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Test')
  new BehalfHook(stack, 'Hook', {
    code: Code.fromInline('exports.handler = undefined'),
    issuer: 'https://example.okta.com/oauth2/default',
    audience: 'api://a',
    clientIds: '0oaApiA',
    ...props(stack),
  })
  return Template.fromStack(stack)
}

/** The template that stands alone. */
export const standalone: unknown = JSON.parse(standaloneTemplate())

export const stack: Template = Template.fromJSON(JSON.parse(standaloneTemplate()))

/** What the one resource of a type in the template that stands alone is made with. */
export function only(type: string) {
  const [resource, ...others] = Object.values(stack.findResources(type))
  expect(others).toEqual([])
  return resource?.['Properties']
}

/** A value, unless a condition leaves it out. */
export const onlyIf = (condition: string, value: unknown) => ({
  'Fn::If': [condition, value, { Ref: 'AWS::NoValue' }],
})

/** Every value under a name, wherever it stands. */
export function valuesNamed(name: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => [
    ...(key === name ? [member] : []),
    ...valuesNamed(name, member),
  ])
}

/** A line of the function's log. */
export type DecisionRecord = Readonly<Record<string, unknown>>

/** Whether a filter pattern of CloudWatch Logs, as far as they are used here, takes a line. */
export function matches(pattern: string, record: DecisionRecord): boolean {
  return pattern.split('&&').every((part) => {
    const [, name = '', operator, text = ''] = /\$\.(\w+) (=|!=) "([^"]*)"/.exec(part) ?? []
    const value = record[name]
    const fits = typeof value === 'string' && new RegExp(`^${text.replaceAll('*', '.*')}$`).test(value)
    // What is not there is not equal to anything, and not unequal either.
    return value !== undefined && fits === (operator === '=')
  })
}
