/** Canadian provinces: province, region, thousands of people, starts of postal codes, cities, sales tax in percent. */
export const PLACES_CA = `
Ontario|Toronto|6200|M5V,M4C,M6H|Toronto,Mississauga|13
Ontario|Ottawa|1490|K1P,K2A|Ottawa,Kanata|13
Quebec|Montréal|4290|H2X,H3B|Montréal,Laval|14.975
British Columbia|Greater Vancouver|2840|V6B,V5K|Vancouver,Burnaby|12
Alberta|Calgary|1600|T2P,T3A|Calgary,Airdrie|5
Nova Scotia|Halifax|480|B3H|Halifax,Dartmouth|15
`;
