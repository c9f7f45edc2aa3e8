/**
 * What Cedar policies can be about. The package ships the same text as `behalf.cedarschema`, for editors and
 * the `cedar` command line.
 *
 * @see https://docs.cedarpolicy.com/schema/human-readable-schema.html
 */
export const cedarSchema: string = `// What Behalf asks: may a client act for a user towards an API with these scopes?
//
// <issuer> in an id is the issuer's URL, or the short name that it was given in issuerNames.

/// A group of users: Group::"<issuer>#<name>", from the claim that lists groups.
entity Group in [Group];

/// The user: User::"<issuer>#<sub>". Every claim of the assertion that is a string, a number, a boolean or a
/// list of those, and is not in here by another name, is a tag, always as a set of strings:
/// principal.hasTag("department") && principal.getTag("department").contains("sales").
entity User in [Group] = {
  issuer: String,
  subject: String,
} tags Set<String>;

/// A group of clients, from the entity file.
entity ClientGroup in [ClientGroup];

/// The API that wants to act for the user, by its client id: Client::"0oa...".
entity Client in [ClientGroup];

/// An AI agent that acts, by its client id: Agent::"0oa...". It is one by its actorProfile in the configuration, or by
/// what the token that was presented says of it.
entity Agent;

/// A group of APIs, from the entity file.
entity ApiGroup in [ApiGroup];

/// Where the delegated token will be accepted, by its audience: Api::"api://orders".
entity Api in [ApiGroup] = {
  authorizationServer?: String,
};

action exchange appliesTo {
  principal: [User],
  resource: [Api],
  context: {
    client: Client,
    scopes: Set<String>,
    /// Everybody in the chain, the client included; for audit more than for decisions.
    actors: Set<String>,
    /// How many actors there are: 1 when the client acts for the user directly.
    depth: Long,
    /// Those of the chain that are AI agents, wherever in it.
    agents: Set<Agent>,
    assertion: {
      audiences: Set<String>,
      scopes: Set<String>,
      /// The application that the user signed in to.
      client?: String,
      acr?: String,
      amr: Set<String>,
      /// When the user signed in.
      authTime?: datetime,
      issuedAt?: datetime,
    },
    request: {
      /// Where the token request came from, as Okta saw it.
      ip?: ipaddr,
      time: datetime,
      /// The clock on the wall of the configured time zone: weekday 1 (Monday) to 7, hour 0 to 23.
      local: { weekday: Long, hour: Long },
    },
  },
};
`
