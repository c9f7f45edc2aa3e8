/** An expression that was read; every function and root in it is known. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'list'; readonly entries: readonly Expression[] }
  | { readonly kind: 'reference'; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: Operator
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'choice'
      readonly condition: Expression
      readonly chosen: Expression
      readonly otherwise: Expression
    }

/** What stands between two operands. */
export type Operator = '+' | '-' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '&&' | '||'

/** A text that is no expression, or one of those at Okta that the sandbox does not evaluate. */
export class UnusableExpression extends Error {}
