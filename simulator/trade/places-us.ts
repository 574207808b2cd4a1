/** US states: state, county, thousands of people, ZIP codes, cities, sales tax in percent. Populous states have several rows. */
export const PLACES_US = `
California|Los Angeles County|17000|900,902,904,906|Los Angeles,Long Beach,Santa Monica,Whittier|9.5
California|San Diego County|9000|921,919|San Diego,Chula Vista|7.75
California|Santa Clara County|13000|951,940,950|San Jose,Sunnyvale,Santa Clara|9.125
Texas|Harris County|12000|770,772,775|Houston,Pasadena,Baytown|8.25
Texas|Dallas County|10500|752,750,751|Dallas,Irving,Garland|8.25
Texas|Travis County|8000|787,786|Austin,Pflugerville|8.25
Florida|Miami-Dade County|12000|331,330|Miami,Hialeah,Homestead|7
Florida|Orange County|11200|328,347|Orlando,Winter Garden|6.5
New York|Kings County|10000|112|Brooklyn|8.875
New York|Erie County|9900|142,140|Buffalo,Amherst|8.75
Pennsylvania|Philadelphia County|13000|191|Philadelphia|8
Illinois|Cook County|12500|606,600,601|Chicago,Evanston,Schaumburg|10.25
Ohio|Franklin County|11800|432,430|Columbus,Dublin|7.5
Georgia|Fulton County|11100|303,300|Atlanta,Alpharetta|8.9
North Carolina|Mecklenburg County|10900|282,280|Charlotte,Concord|7.25
Michigan|Wayne County|10000|482,481|Detroit,Dearborn|6
New Jersey|Essex County|9300|071,070|Newark,Montclair|6.625
Virginia|Fairfax County|8750|220,221,223|Fairfax,Reston,Alexandria|6
Washington|King County|7850|981,980|Seattle,Bellevue|10.35
Arizona|Maricopa County|7500|850,852,853|Phoenix,Mesa,Glendale|8.6
Tennessee|Davidson County|7200|372,370|Nashville,Franklin|9.25
Massachusetts|Suffolk County|7050|021,022|Boston,Chelsea|6.25
Indiana|Marion County|6900|462|Indianapolis|7
Missouri|Jackson County|6200|641,640|Kansas City,Independence|8.6
Maryland|Baltimore County|6200|212,210|Baltimore,Towson|6
Wisconsin|Milwaukee County|5900|532|Milwaukee,Wauwatosa|7.9
Colorado|Denver County|5900|802,800|Denver,Aurora|8.81
Minnesota|Hennepin County|5750|554,553|Minneapolis,Bloomington|9.03
South Carolina|Charleston County|5400|294|Charleston,Mount Pleasant|9
Alabama|Jefferson County|5150|352|Birmingham,Hoover|10
Louisiana|Orleans Parish|4570|701,700|New Orleans,Metairie|9.45
Kentucky|Jefferson County|4560|402|Louisville|6
Oregon|Multnomah County|4240|972|Portland,Gresham|0
Oklahoma|Oklahoma County|4090|731,730|Oklahoma City,Edmond|8.63
Connecticut|Hartford County|3620|061,060|Hartford,Manchester|6.35
Utah|Salt Lake County|3420|841,840|Salt Lake City,Sandy|7.75
Iowa|Polk County|3210|503|Des Moines|7
Nevada|Clark County|3190|891,890|Las Vegas,Henderson|8.375
Arkansas|Pulaski County|3080|722|Little Rock|8.625
Kansas|Sedgwick County|2940|672|Wichita|7.5
Mississippi|Hinds County|2940|392|Jackson|8
New Mexico|Bernalillo County|2120|871|Albuquerque|7.63
Idaho|Ada County|1970|837,836|Boise,Meridian|6
Nebraska|Douglas County|1980|681|Omaha|7
West Virginia|Kanawha County|1770|253|Charleston|7
Hawaii|Honolulu County|1430|968,967|Honolulu,Kailua|4.5
New Hampshire|Hillsborough County|1400|031|Manchester|0
Maine|Cumberland County|1400|041|Portland|5.5
Rhode Island|Providence County|1100|029|Providence|7
Montana|Yellowstone County|1130|591|Billings|0
Delaware|New Castle County|1030|198|Wilmington|0
South Dakota|Minnehaha County|920|571|Sioux Falls|6.2
North Dakota|Cass County|790|581|Fargo|7.5
Alaska|Anchorage Municipality|730|995|Anchorage|0
District of Columbia|District of Columbia|690|200|Washington|6
Vermont|Chittenden County|650|054|Burlington|7
Wyoming|Laramie County|590|820|Cheyenne|6
`;
