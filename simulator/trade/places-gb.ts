/** British counties: nation, county, thousands of people, postcode areas, post towns. */
export const PLACES_GB = `
England|Greater London|8866|SE1,SW4,N1,E2,W5,NW3,E17,SE15|London
England|Greater Manchester|2911|M1,M14,OL1,BL1,SK4|Manchester,Oldham,Bolton,Stockport
England|West Midlands|2954|B1,B29,CV1,WV1|Birmingham,Coventry,Wolverhampton
England|West Yorkshire|2378|LS1,BD1,HX1,WF1|Leeds,Bradford,Halifax,Wakefield
England|Kent|1877|ME14,CT1,TN1,DA1|Maidstone,Canterbury,Tunbridge Wells,Dartford
England|Essex|1877|CM1,CO1,SS1|Chelmsford,Colchester,Southend-on-Sea
England|Hampshire|1872|SO14,PO1,RG21|Southampton,Portsmouth,Basingstoke
England|Lancashire|1550|PR1,BB1,FY1,LA1|Preston,Blackburn,Blackpool,Lancaster
England|Merseyside|1442|L1,L15,WA10,CH41|Liverpool,St Helens,Birkenhead
England|South Yorkshire|1392|S1,DN1,S60|Sheffield,Doncaster,Rotherham
England|Devon|1232|EX1,PL1,TQ1|Exeter,Plymouth,Torquay
England|Surrey|1214|GU1,KT1,RH1|Guildford,Kingston upon Thames,Redhill
England|Hertfordshire|1204|AL1,WD17,SG1|St Albans,Watford,Stevenage
England|Nottinghamshire|1170|NG1,NG18|Nottingham,Mansfield
England|North Yorkshire|1170|YO1,HG1,TS1|York,Harrogate,Middlesbrough
England|Staffordshire|1150|ST1,WS13|Stoke-on-Trent,Lichfield
England|Tyne and Wear|1146|NE1,SR1|Newcastle upon Tyne,Sunderland
England|Lincolnshire|1112|LN1,DN31|Lincoln,Grimsby
England|Cheshire|1108|CH1,CW1,WA1|Chester,Crewe,Warrington
England|Leicestershire|1100|LE1,LE11|Leicester,Loughborough
England|Derbyshire|1070|DE1,S40|Derby,Chesterfield
England|Somerset|990|BA1,TA1|Bath,Taunton
England|Berkshire|960|RG1,SL1|Reading,Slough
England|Gloucestershire|950|GL1,GL50|Gloucester,Cheltenham
England|Norfolk|930|NR1,NR30|Norwich,Great Yarmouth
England|West Sussex|900|RH10,BN11|Crawley,Worthing
England|Cambridgeshire|910|CB1,PE1|Cambridge,Peterborough
England|East Sussex|850|BN1,TN34|Brighton,Hastings
England|Buckinghamshire|860|MK1,HP20|Milton Keynes,Aylesbury
England|County Durham|880|DH1,DL1|Durham,Darlington
England|Dorset|790|BH1,DT1|Bournemouth,Dorchester
England|Suffolk|770|IP1,IP33|Ipswich,Bury St Edmunds
England|Northamptonshire|800|NN1,NN14|Northampton,Kettering
England|Oxfordshire|740|OX1,OX16|Oxford,Banbury
England|Wiltshire|750|SN1,SP1|Swindon,Salisbury
England|East Riding of Yorkshire|615|HU1,YO15|Hull,Bridlington
England|Warwickshire|610|CV31,CV21|Leamington Spa,Rugby
England|Worcestershire|610|WR1,B97|Worcester,Redditch
England|Cornwall|580|TR1,PL25|Truro,St Austell
England|Bristol|480|BS1,BS7|Bristol
England|Shropshire|510|SY1,TF1|Shrewsbury,Telford
England|Cumbria|500|CA1,LA9|Carlisle,Kendal
England|Bedfordshire|710|LU1,MK40|Luton,Bedford
Scotland|City of Glasgow|650|G1,G12|Glasgow
Scotland|City of Edinburgh|525|EH1,EH6|Edinburgh
Scotland|Fife|375|KY1,KY11|Kirkcaldy,Dunfermline
Scotland|Lanarkshire|670|ML1,G74|Motherwell,East Kilbride
Scotland|Aberdeenshire|490|AB10,AB42|Aberdeen,Peterhead
Scotland|Highland|236|IV1,PH33|Inverness,Fort William
Wales|South Glamorgan|500|CF10,CF62|Cardiff,Barry
Wales|West Glamorgan|380|SA1,SA11|Swansea,Neath
Wales|Gwent|590|NP20,NP44|Newport,Cwmbran
Wales|Clwyd|470|LL11,LL18|Wrexham,Rhyl
Northern Ireland|County Antrim|650|BT1,BT28|Belfast,Lisburn
Northern Ireland|County Londonderry|250|BT47,BT52|Londonderry,Coleraine
Northern Ireland|County Down|550|BT20,BT34|Bangor,Newry
`;
